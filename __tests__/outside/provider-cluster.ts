import { AttentiveKubectl, BareCluster } from '../e2e/bare-cluster';
import { needsProvider } from './needs';

const MINUTE = 60_000;

/** A control plane and its kubectl, for the tests of a file by the real Kubernetes provider. Both are there within the tests. */
export function providerCluster(): { readonly cluster: BareCluster; readonly kubectl: AttentiveKubectl } {
  let cluster: BareCluster;
  let kubectl: AttentiveKubectl;

  beforeAll(async () => {
    await needsProvider('hashicorp/kubernetes');
    cluster = await BareCluster.start();
    kubectl = new AttentiveKubectl(cluster.kubeconfig);
  }, 60 * MINUTE);

  afterAll(async () => {
    await cluster.stop();
  });

  return {
    get cluster() {
      return cluster;
    },
    get kubectl() {
      return kubectl;
    },
  };
}
