import type { Construct } from 'constructs';
import { PriorityClass } from '../../../../constructs/kubernetes/pods/priority-class';

export function defaults(scope: Construct): void {
  new PriorityClass(scope, 'plain', { value: 1000 });
}

/** The cluster's default class is among them, so that the Pods of the other samples get it. */
export function everything(scope: Construct): void {
  new PriorityClass(scope, 'usual', {
    value: 100,
    name: 'usual',
    description: 'Every Pod that says nothing',
    default: true,
    preempts: false,
  });
  new PriorityClass(scope, 'low', { value: -1_000_000_000 });
  new PriorityClass(scope, 'high', { value: 1_000_000_000, preempts: true });
}
