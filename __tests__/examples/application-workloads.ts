import { TerraformStack, type App } from 'cdktf';
import type { Construct } from 'constructs';
import { defineWorkload, Stack, type Platform } from 'kubernetes-on-aws';
import { Namespace } from 'kubernetes-on-aws/kubernetes';
import { APPLICATIONS } from './applications';

function build(scope: Construct, privileged: boolean): void {
  for (const [application, , level] of Object.values(APPLICATIONS)) {
    if ((level === 'privileged') === privileged) application(scope);
  }
}

/** The applications as a workload. They are in the stack itself, so that their objects have the names of their originals. */
export const applications = defineWorkload({
  name: 'applications',
  description: 'The applications of the examples.',
  options: {},
  build(scope) {
    build(TerraformStack.of(scope), false);
  },
});

/** What needs the machine itself, on every node. A namespace of `platform.yaml` has Pod Security baseline at least. */
export class AgentsStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, 'agents', platform, { kubernetes: true });
    const { originals, ...others } = platform.nodes;
    new Namespace(this, 'namespace', {
      ...{ name: 'agents', podSecurity: 'privileged' },
      // The published agents have the same ports of their nodes.
      ...(originals && { nodeGroups: Object.keys(others) }),
    });
    build(this, true);
  }
}
