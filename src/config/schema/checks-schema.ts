import * as z from 'zod/mini';
import { described, listOf, mapping, text } from './form';

const waiver = mapping({
  code: described(
    text('a code of a check, such as CAP-004', /^[A-Z]{3}-\d{3}$/),
    'Code of the finding, as npm run check prints it.',
  ),
  address: described(
    text(
      'a stack and an address in it, such as dev/kubernetes_deployment_v1.orders_web',
      /^[a-z0-9][a-z0-9-]*\/\S.*$/,
    ),
    'Stack and Terraform address of the finding, as npm run check prints them.',
  ),
  reason: described(
    text('a sentence that says why', /\S.*\S/),
    'Why it may stay, for those who review it and those who read it later.',
  ),
  until: described(
    text('a day, such as 2026-12-31', /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/),
    'Last day of the waiver. After it npm run check fails until the waiver is removed or renewed.',
  ),
});

const NAME = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?';
const party = text(
  'a namespace, a workload as namespace/name or name, or `internet`, `vpc`, `api-server` or `dns`',
  new RegExp(`^${NAME}(/${NAME})?$`),
);

const expectation = mapping({
  to: described(
    party,
    'What is connected to: a namespace, namespace/name of what runs Pods, or its name in every namespace.',
  ),
  onlyFrom: described(
    z.optional(listOf(party, 0, 'a list of those that may connect')),
    'Those that may connect, and no others. A name without a namespace is that of the same namespace. Left out: all but those of `neverFrom`.',
  ),
  neverFrom: described(
    z.optional(listOf(party, 1, 'a list of those that may not connect')),
    'Those that may not connect. Left out: all but those of `onlyFrom`, where it is given.',
  ),
});

/** `checks`: what `npm run check` lets pass, and what it holds beside. */
export const checks = mapping({
  waivers: z._default(
    described(listOf(waiver, 0, 'a list of waivers'), 'Findings that may stay for a time.'),
    [],
  ),
  reachability: z._default(
    described(
      listOf(expectation, 0, 'a list of expectations'),
      'Who may connect to whom. npm run check holds the NetworkPolicies against it.',
    ),
    [],
  ),
});
