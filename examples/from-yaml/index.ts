import { defineWorkload, described, z } from 'kubernetes-on-aws';
import { Manifests, NetworkPeer, NetworkPolicy, NetworkPort } from 'kubernetes-on-aws/kubernetes';

/** An application whose YAML others wrote, in the namespace of a platform. */
export const guestbook = defineWorkload({
  name: 'guestbook',
  description: 'An application whose YAML others wrote.',
  options: {
    yaml: described(z.string(), 'File with its objects, below the folder of the project.'),
    replicas: z.int().min(0).default(2).describe('Number of Pods.'),
  },
  build(scope, { yaml, replicas }) {
    const objects = Manifests.fromYaml(scope, 'objects', {
      file: yaml,
      edit: {
        Deployment: ({ spec }) => {
          spec.replicas = replicas;
        },
      },
    });
    // A namespace lets no Pod connect to another: the policy is the only thing that the YAML lacks.
    new NetworkPolicy(scope, 'from-the-namespace', {
      podSelector: { app: 'guestbook' },
      ingress: [{ from: [NetworkPeer.pods({})], ports: [NetworkPort.tcp('http')] }],
    });
    return { objects };
  },
});
