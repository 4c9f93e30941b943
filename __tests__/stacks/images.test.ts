import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import definition from '../../main';
import { formatFinding } from '../../src/config/config-error';
import { mapImages } from '../../src/manifests/images';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { report } from '../src/config/report';
import { type StackDocument, synthesized } from './synthesized-platform';

const ECR = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const FLUENT_BIT = 'aws-observability/aws-for-fluent-bit:3.5.10';
const CONTROLLER = 'eks/aws-load-balancer-controller';
const platform = readFileSync('platform.yaml', 'utf8')
  .replace('loadBalancer: false', 'loadBalancer: true, karpenter: true')
  .replace(/^ {2}(qa|stage|prod): .*\n/gm, '');
const withImages = (images: string): string => platform.replace('network:', `images: ${images}\nnetwork:`);
const ENDPOINTS = '[ec2, ecr.api, ecr.dkr, eks-auth, elasticfilesystem, elasticloadbalancing, logs, sts]';
const isolated = (text: string): string =>
  text.replace('nat: per-zone', `nat: none\n  endpoints: ${ENDPOINTS}`);

/** Every image of the stacks, each once. */
function imagesOf(stacks: Record<string, StackDocument>): string[] {
  const images = new Set<string>();
  for (const document of Object.values(stacks)) {
    mapImages(document as unknown as TerraformDocument, (image) => {
      images.add(image);
      return image;
    });
  }
  return [...images].sort();
}

/** What a synthesis warns of. */
function warnings(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  try {
    const file = join(folder, 'platform.yaml');
    writeFileSync(file, text);
    const told: string[] = [];
    definition.synthesize({
      file,
      outdir: join(folder, 'out'),
      today: new Date('2026-11-23'),
      onWarning: (warning) => told.push(formatFinding(warning).replace(`${folder}/`, '')),
    });
    return told.join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the setting images.cache', () => {
  const stacks = synthesized(withImages('{ cache: true }'));
  const resource: StackDocument['resource'] = stacks['cluster']?.resource ?? {};

  it('creates a rule for each registry that needs no credential, and no other platform has one of that name', () => {
    expect(
      Object.values(resource['aws_ecr_pull_through_cache_rule'] ?? {}).map((rule) => [
        rule['ecr_repository_prefix'],
        rule['upstream_registry_url'],
      ]),
    ).toEqual([
      ['seed/ecr', 'public.ecr.aws'],
      ['seed/k8s', 'registry.k8s.io'],
      ['seed/quay', 'quay.io'],
    ]);
  });

  it.each(['eks_node_role_policy', 'karpenter_node_role_policy'])(
    'lets the nodes of %s fill the cache, and nothing else',
    (name) => {
      const { Statement } = JSON.parse(String(resource['aws_iam_role_policy']?.[name]?.['policy'])) as {
        Statement: unknown;
      };
      expect(Statement).toEqual([
        {
          Sid: 'ImageCache',
          Effect: 'Allow',
          Action: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'],
          Resource: ['ecr', 'k8s', 'quay'].map(
            (kept) =>
              expect.stringMatching(
                new RegExp(
                  `:ecr:eu-west-1:.*:repository/\\$\\{aws_ecr_pull_through_cache_rule\\.image_cache_${kept}\\.`,
                ),
              ) as string,
          ),
        },
      ]);
    },
  );

  it('changes the images of every container and chart', () => {
    const images = imagesOf(stacks);
    expect(images).toEqual(
      expect.arrayContaining([`${ECR}/seed/ecr/${FLUENT_BIT}`, `${ECR}/seed/ecr/${CONTROLLER}`]),
    );
    expect(images.filter((image) => !image.startsWith(`${ECR}/seed/`))).toEqual([]);
  });

  it('adds nothing by default', () => {
    const plain = synthesized(platform);
    expect(plain['cluster']?.resource).not.toHaveProperty('aws_ecr_pull_through_cache_rule');
    expect(plain['cluster']?.resource['aws_iam_role_policy']).not.toHaveProperty('eks_node_role_policy');
    expect(imagesOf(plain)).toEqual(
      expect.arrayContaining([`public.ecr.aws/${FLUENT_BIT}`, `public.ecr.aws/${CONTROLLER}`]),
    );
  });

  it.each([
    [
      withImages('{ cache: true }').replace('name: seed', `name: ${'n'.repeat(26)}`),
      'images.cache: the name nnnnnnnnnnnnnnnnnnnnnnnnnn has 26 characters',
    ],
    [
      withImages('{ cache: true }')
        .replace('region: eu-west-1', 'region: us-gov-west-1')
        .replace('arn:aws:', 'arn:aws-us-gov:'),
      'images.cache: ECR caches no registries in us-gov-west-1',
    ],
  ])('is refused if ECR would refuse it', (text, message) => {
    expect(report(text)).toContain(message);
  });

  it('accepts the longest name that ECR accepts', () => {
    expect(report(withImages('{ cache: true }').replace('name: seed', `name: ${'n'.repeat(25)}`))).toBe('');
  });
});

describe('the setting images.mirrors', () => {
  it('changes every image, by the longest match, before the cache does', () => {
    const mirrors = `{ public.ecr.aws: mirror.example.com/aws, public.ecr.aws/aws-observability/aws-for-fluent-bit: mirror.example.com/fb, ${ECR}/seed: mirror.example.com/own }`;
    const images = imagesOf(synthesized(withImages(`{ cache: true, mirrors: ${mirrors} }`)));
    expect(images).toEqual(
      expect.arrayContaining(['mirror.example.com/fb:3.5.10', `mirror.example.com/aws/${CONTROLLER}`]),
    );
    expect(images.filter((image) => !image.startsWith('mirror.example.com/'))).toEqual([]);
  });

  it('has registries, repositories or images', () => {
    expect(report(withImages('{ mirrors: { nginx: quay.io } }'))).toContain(
      'images.mirrors.nginx: the key is not allowed; expected a registry, a repository or an image with its registry, such as docker.io/library/nginx',
    );
    expect(report(withImages('{ mirrors: { docker.io: "https://quay.io" } }'))).toContain('images.mirrors');
  });

  it('applies to the values of charts, in any form, and leaves other values as they are', () => {
    const values =
      'a:\n  image: quay.io/x/y:1\nb:\n  image: { registry: quay.io, repository: z, tag: "2" }\nimage: { tag: "3" }\n';
    const document = { resource: { helm_release: { r: { chart: 'c', values: [values, 'plain: "1"\n'] } } } };
    const to = mapImages(document, (image) => image.replace('quay.io', 'm.example.com'));
    const [first, second] = to.resource?.['helm_release']?.['r']?.['values'] as string[];
    expect(parse(first ?? '')).toEqual({
      a: { image: 'm.example.com/x/y:1' },
      b: { image: { repository: 'm.example.com/z', tag: '2' } },
      image: { tag: '3' },
    });
    expect(second).toBe('plain: "1"\n');
  });

  it('applies to containers of every kind of object, and to nothing that only has the name', () => {
    const container = { name: 'web', image: 'quay.io/a' };
    const document = {
      resource: {
        kubernetes_manifest: {
          m: { manifest: { spec: { initContainers: [container], containers: [container] } } },
        },
        kubernetes_pod_v1: { p: { spec: { container: [container], init_container: [container] } } },
        kubernetes_config_map_v1: { c: { data: { image: 'quay.io/a' } } },
        aws_batch_job_definition: { b: { container: [container] } },
      },
    };
    const seen: string[] = [];
    mapImages(document, (image, address) => {
      seen.push(address);
      return image;
    });
    expect(seen).toEqual([
      'kubernetes_manifest.m',
      'kubernetes_manifest.m',
      'kubernetes_pod_v1.p',
      'kubernetes_pod_v1.p',
    ]);
  });
});

describe('the images of device plug-ins', () => {
  const withDevices = (text: string): string =>
    text.replace(
      '\nnodes: ',
      '\nnodes:\n  gpu: { zone: a, instanceTypes: [g6.xlarge], min: 1, max: 1 }\n  neuron: { zone: a, instanceTypes: [inf2.xlarge], min: 1, max: 1 } ',
    );
  const pulled = (text: string): string[] =>
    imagesOf(synthesized(text)).filter((image) => /nvidia|neuron/.test(image));

  it('come from the mirrors and the cache, as all images', () => {
    expect(pulled(withDevices(platform)).sort()).toEqual([
      expect.stringMatching(/^nvcr\.io\//),
      expect.stringMatching(/^public\.ecr\.aws\//),
    ]);
    expect(
      pulled(
        withDevices(withImages('{ cache: true, mirrors: { nvcr.io: registry.example.com/nvidia } }')),
      ).sort(),
    ).toEqual([
      expect.stringMatching(new RegExp(`^${ECR}/seed/ecr/`)),
      expect.stringMatching(/^registry\.example\.com\/nvidia\//),
    ]);
  });

  it('are a warning if nodes do not reach them', () => {
    const told = warnings(isolated(withDevices(withImages('{ cache: true }'))));
    expect(told).toContain('nodes do not reach nvcr.io, and cannot pull');
    expect(told).toContain('platform/kubernetes_daemon_set_v1');
  });
});

describe('a platform without NAT', () => {
  it('has a warning for every image that nodes do not reach, with its users', () => {
    const told = warnings(isolated(platform));
    expect(told).toContain(
      'platform.yaml:8:8 network.nat: without NAT, nodes do not reach public.ecr.aws, and cannot pull ' +
        `public.ecr.aws/${FLUENT_BIT} (platform/kubernetes_daemon_set_v1.log_collector_agent, platform/kubernetes_deployment_v1.event_collector_agent), ` +
        `public.ecr.aws/${CONTROLLER} (load-balancer-controller/helm_release.load_balancer_controller); name a registry that they ` +
        'reach in images.mirrors, or this one in images.reachable where the VPC has another way out',
    );
    expect(told).not.toContain(ECR);
  });

  it('has a warning for the images of workloads too', () => {
    const told = warnings(
      isolated(
        `imageRegistry: 111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop\n${withImages('{ reachable: [public.ecr.aws] }')}`,
      ),
    );
    expect(told).toContain(
      'nodes do not reach 111122223333.dkr.ecr.eu-central-1.amazonaws.com, and cannot pull',
    );
    expect(told).toContain('dev/kubernetes_');
    expect(told).not.toContain('reach public.ecr.aws');
  });

  it('has one task left with the cache: a first pull from elsewhere', () => {
    const told = warnings(isolated(withImages('{ cache: true }')));
    expect(told).not.toContain('do not reach');
    expect(told).toContain(
      'images.cache: ECR fetches an image at its first pull, which requires a route to the internet. Pull each once from elsewhere ' +
        `before nodes without NAT do: `,
    );
    expect(told).toContain(`${ECR}/seed/ecr/${FLUENT_BIT}`);
  });
});
