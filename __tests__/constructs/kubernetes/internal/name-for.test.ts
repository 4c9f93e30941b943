import { App } from 'cdktf';
import { resolveLiterally } from '../../../../constructs/terraform/fast-tokens';
import { PriorityClass } from '../../../../constructs/kubernetes/pods/priority-class';
import { BaseStack } from '../../../../constructs/terraform/base-stack';

it('nameFor() names another object by a reference within its stack, and by its plain name across stacks', () => {
  const app = new App();
  const stack = new BaseStack(app, 'platform');
  const urgent = new PriorityClass(stack, 'urgent', { value: 1 });
  expect(resolveLiterally(stack, { name: urgent.nameFor(stack) })).toEqual({
    name: '${kubernetes_priority_class_v1.urgent.metadata[0].name}',
  });
  expect(urgent.nameFor(new BaseStack(app, 'dev'))).toBe('platform-urgent-1');
});
