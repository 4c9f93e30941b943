import type { InstanceType } from '../../../sandbox/aws-emulator/account';
import { parseAwsXml } from '../../../sandbox/aws-emulator/aws-query';
import { kubeletSettingsOf } from '../../../sandbox/nodes/kubelet-settings';
import { nodeCapacity } from '../../../sandbox/nodes/node-capacity';
import { freeAddress } from '../../../sandbox/nodes/nodes';
import { volumeSizeGiB } from '../../../sandbox/nodes/volumes';

const M7I: InstanceType = {
  name: 'm7i.large',
  vcpus: 2,
  memoryMiB: 8192,
  networkInterfaces: 3,
  ipv4PerInterface: 10,
  architecture: 'x86_64',
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('the capacity of a node', () => {
  it('is that of its instance type less what the AMI reserves', () => {
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
});

describe('user data', () => {
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
    ['Bottlerocket settings', '[settings.kubernetes]\nmax-pods = 42\n', { maxPods: 42 }],
    ['a script', '#!/bin/bash\n', {}],
  ])('is read from %s', (_, text, expected) => {
    expect(kubeletSettingsOf(base64(text))).toEqual(expected);
  });

  it('may be missing', () => {
    expect(kubeletSettingsOf(undefined)).toEqual({});
  });
});

describe('addresses of nodes', () => {
  it('leave out those that AWS keeps', () => {
    const taken = new Set<string>();
    for (let count = 0; count < 11; count++) taken.add(freeAddress('10.0.3.16/28', taken));
    expect([...taken].sort()).toEqual(Array.from({ length: 11 }, (_, index) => `10.0.3.${20 + index}`));
    expect(() => freeAddress('10.0.3.16/28', taken)).toThrow(/no free address/);
  });
});

describe('sizes of volumes', () => {
  it.each([
    ['8Gi', 8],
    ['500Mi', 1],
    ['1500Mi', 2],
    ['1Ti', 1024],
    ['5G', 5],
  ])('%s are %d GiB', (quantity, size) => {
    expect(volumeSizeGiB(quantity)).toBe(size);
  });
});

describe('answers of the Query protocol', () => {
  it('are read into elements, lists and text', () => {
    const answer = parseAwsXml(
      '<?xml version="1.0"?><R xmlns="urn:x"><set><item><id>a&amp;b&#x2f;</id><empty/></item><item><id>c</id></item></set></R>',
    );
    expect(answer.items('set').map((item) => item.value('id'))).toEqual(['a&b/', 'c']);
    expect(answer.find('set.item.empty')?.text).toBe('');
    expect(answer.find('none.at.all')).toBeUndefined();
  });
});
