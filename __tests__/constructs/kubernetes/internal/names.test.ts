import { App } from 'cdktf';
import { Construct } from 'constructs';
import { clusterObjectName, objectName } from '../../../../constructs/kubernetes/internal/names';
import { BaseStack } from '../../../../constructs/terraform/base-stack';

it('an object has the IDs below its stack as its name, and one without a namespace has the stack name before them', () => {
  const web = new Construct(new Construct(new BaseStack(new App(), 'dev'), 'storefront'), 'web');
  expect(objectName(web)).toBe('storefront-web');
  expect(clusterObjectName(web)).toBe('dev-storefront-web');
});
