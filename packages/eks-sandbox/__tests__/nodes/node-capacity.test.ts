import { instanceTypeOf, type InstanceType } from '../../aws-emulator/emulated-account';
import { parseAwsXml } from '../../aws-emulator/aws-query';
import { kubeletSettingsOf, userDataForm } from '@kubernetes-on-aws/eks-facts/kubelet-settings';
import type { NodeOs } from '@kubernetes-on-aws/eks-facts/node-image';
import { nodeCapacity } from '@kubernetes-on-aws/eks-facts/node-capacity';
import { freeAddress } from '../../nodes/simulated-nodes';
import { volumeSizeGiB } from '../../nodes/volume-stand-in';

const M7I: InstanceType = {
  name: 'm7i.large',
  vcpus: 2,
  memoryMiB: 8192,
  networkInterfaces: 3,
  ipv4PerInterface: 10,
  devices: 0,
  architecture: 'x86_64',
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('the capacity of a node', () => {
  it('is that of its instance type without what the AMI reserves', () => {
    const { capacity, allocatable } = nodeCapacity(M7I, {}, 20);
    expect(capacity).toEqual({
      cpu: '2',
      memory: '7884800Ki',
      pods: '29',
      'ephemeral-storage': '20971520Ki',
    });
    // 70 millicores; 255 MiB + 11 MiB for each of 29 Pods + 100 MiB eviction threshold.
    expect(allocatable).toMatchObject({ cpu: '1930m', memory: `${(7700 - 674) * 1024}Ki`, pods: '29' });
  });

  it('follows the settings of the kubelet', () => {
    const settings = {
      maxPods: 110,
      kubeReserved: { cpu: '100m', memory: '1Gi' },
      systemReserved: { memory: '200Mi' },
    };
    const { allocatable } = nodeCapacity(M7I, settings, 20);
    expect(allocatable).toMatchObject({
      cpu: '1900m',
      memory: `${(7700 - 1024 - 200 - 100) * 1024}Ki`,
      pods: '110',
    });
  });

  it.each([
    // nodeadm reserves memory for the 29 Pods that it works out itself, Bottlerocket for those that it is told.
    ['al2023', 29],
    ['bottlerocket', 110],
  ] as const)('of %s reserves memory for %d Pods if 110 are allowed', (os, pods) => {
    const { allocatable } = nodeCapacity(M7I, { maxPods: 110 }, 20, os);
    expect(allocatable).toMatchObject({ memory: `${(7700 - 255 - 11 * pods - 100) * 1024}Ki`, pods: '110' });
  });

  it.each<[string, NodeOs, Readonly<Record<string, string>>, number, number]>([
    ['a quantity', 'al2023', { 'memory.available': '500Mi', 'nodefs.available': '1Gi' }, 500, 1024],
    ['a percentage', 'al2023', { 'memory.available': '5%', 'nodefs.available': '20%' }, 385, 4096],
    ['one of them, which nodeadm completes', 'al2023', { 'nodefs.available': '20%' }, 100, 4096],
    ['one of them, which takes the others away', 'bottlerocket', { 'memory.available': '200Mi' }, 200, 0],
  ])('excludes the eviction threshold: %s', (_, os, evictionHard, memory, storage) => {
    const kubeReserved = { memory: '1Gi', 'ephemeral-storage': '1Gi' };
    const { allocatable } = nodeCapacity(M7I, { kubeReserved, evictionHard }, 20, os);
    expect(allocatable).toMatchObject({
      memory: `${(7700 - 1024 - memory) * 1024}Ki`,
      'ephemeral-storage': `${(20 * 1024 - 1024 - storage) * 1024}Ki`,
    });
  });

  it('is never below zero', () => {
    const nano = { ...M7I, memoryMiB: 512 };
    expect(nodeCapacity(nano, { kubeReserved: { memory: '1Gi' } }, 1).allocatable).toMatchObject({
      memory: '0Ki',
      'ephemeral-storage': '0Ki',
    });
  });
});

describe('the user data of a node', () => {
  const config =
    'apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config:\n      maxPods: 110\n';
  const mime = [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="//"',
    '',
    '--//',
    'Content-Type: text/x-shellscript; charset="us-ascii"',
    '',
    '#!/bin/bash',
    'echo maxPods: 5',
    '--//',
    'Content-Type: application/node.eks.aws',
    '',
    config,
    '--//--',
    '',
  ];

  it.each([
    ['a NodeConfig', config, { maxPods: 110 }],
    ['a NodeConfig in a MIME message', mime.join('\n'), { maxPods: 110 }],
    ['the same with CRLF', mime.join('\r\n'), { maxPods: 110 }],
    ['a flag', config.replace('config:\n      maxPods: 110', 'flags: ["--max-pods=58"]'), { maxPods: 58 }],
    [
      'several NodeConfigs, the last of which counts',
      `${config}    \n---\n${config.replace('maxPods: 110', 'maxPods: 58\n      evictionHard: {memory.available: 5%}')}`,
      { maxPods: 58, evictionHard: { 'memory.available': '5%' } },
    ],
    ['Bottlerocket settings', '[settings.kubernetes]\nmax-pods = 42\n', { maxPods: 42 }],
    [
      'all tables of Bottlerocket settings',
      [
        '# how many',
        '[settings.kubernetes]',
        'max-pods = 42 # Pods',
        "cluster-dns-ip = '10.0.0.10'",
        '[settings.kubernetes."kube-reserved"]',
        'memory = "500Mi"',
        '[ settings . kubernetes . system-reserved ]',
        'cpu = "50m"',
        '[settings.kubernetes.eviction-hard]',
        '"memory.available" = "5%"',
        '[settings.ntp]',
        'max-pods = 7',
      ].join('\n'),
      {
        maxPods: 42,
        kubeReserved: { memory: '500Mi' },
        systemReserved: { cpu: '50m' },
        evictionHard: { 'memory.available': '5%' },
      },
    ],
    ['a script', '#!/bin/bash\n', {}],
  ])('is read from %s', (_, text, expected) => {
    expect(kubeletSettingsOf(base64(text))).toEqual(expected);
  });

  it('may be missing', () => {
    expect(kubeletSettingsOf(undefined)).toEqual({});
  });

  it.each([
    ['config: { kubeReserved: { memory: lots } }', 'kubeReserved.memory: "lots"'],
    ['config: { evictionHard: { memory.available: ten% } }', 'evictionHard.memory.available: "ten%"'],
  ])('is refused with an amount that is not a quantity: %s', (settings, expected) => {
    const text = `kind: NodeConfig\nspec:\n  kubelet:\n    ${settings}\n`;
    expect(() => kubeletSettingsOf(base64(text))).toThrow(
      `${expected} is not a Kubernetes quantity, such as 500m or 1Gi`,
    );
  });

  it('is refused with its line if it is no TOML', () => {
    expect(() => kubeletSettingsOf(base64('[settings.kubernetes]\nmax-pods: 42\n'))).toThrow(
      "line 2 is no TOML that Bottlerocket's user data is known for: max-pods: 42",
    );
  });

  it.each([
    ['mime', mime.join('\r\n')],
    ['node-config', config],
    ['toml', '[settings.kubernetes]\nmax-pods = 42\n'],
    ['other', '#!/bin/bash\n'],
  ])('has the form %s', (form, text) => {
    expect(userDataForm(base64(text))).toBe(form);
  });
});

describe('an instance type', () => {
  const described = (cards: string): string =>
    '<item><instanceType>c8gn.48xlarge</instanceType><vCpuInfo><defaultVCpus>192</defaultVCpus></vCpuInfo>' +
    '<memoryInfo><sizeInMiB>393216</sizeInMiB></memoryInfo><processorInfo><supportedArchitectures><item>arm64</item>' +
    '</supportedArchitectures></processorInfo><networkInfo><maximumNetworkInterfaces>24</maximumNetworkInterfaces>' +
    `${cards}<ipv4AddressesPerInterface>50</ipv4AddressesPerInterface></networkInfo></item>`;
  const card = (index: number, interfaces: number): string =>
    `<item><networkCardIndex>${index}</networkCardIndex><maximumNetworkInterfaces>${interfaces}</maximumNetworkInterfaces></item>`;

  it.each([
    [
      'of the default network card',
      `<defaultNetworkCardIndex>1</defaultNetworkCardIndex><networkCards>${card(0, 12)}${card(1, 10)}</networkCards>`,
      10,
    ],
    ['of all there is, when nothing is said of cards', '', 24],
  ])('has the network interfaces %s', (_, cards, networkInterfaces) => {
    expect(instanceTypeOf(parseAwsXml(described(cards)))).toEqual({
      name: 'c8gn.48xlarge',
      vcpus: 192,
      devices: 0,
      memoryMiB: 393216,
      networkInterfaces,
      ipv4PerInterface: 50,
      architecture: 'arm64',
    });
  });
});

describe('the addresses of nodes', () => {
  it('exclude those that AWS reserves', () => {
    const taken = new Set<string>();
    for (let count = 0; count < 11; count++) taken.add(freeAddress('10.0.3.16/28', taken));
    expect([...taken].sort()).toEqual(Array.from({ length: 11 }, (_, index) => `10.0.3.${20 + index}`));
    expect(() => freeAddress('10.0.3.16/28', taken)).toThrow(/no free address/);
  });
});

describe('the sizes of volumes', () => {
  it.each([
    ['8Gi', 8],
    ['500Mi', 1],
    ['1500Mi', 2],
    ['1Ti', 1024],
    ['5G', 5],
    ['5e9', 5],
    ['1P', 931_323],
  ])('of %s are %d GiB', (quantity, size) => {
    expect(volumeSizeGiB(quantity)).toBe(size);
  });
});

describe('the answers of the Query protocol', () => {
  it('are read into elements, lists and text', () => {
    const answer = parseAwsXml(
      '<?xml version="1.0"?><R xmlns="urn:x"><set><item><id>a&amp;b&#x2f;</id><empty/></item><item><id>c</id></item></set></R>',
    );
    expect(answer.items('set').map((item) => item.value('id'))).toEqual(['a&b/', 'c']);
    expect(answer.find('set.item.empty')?.text).toBe('');
    expect(answer.find('none.at.all')).toBeUndefined();
  });
});
