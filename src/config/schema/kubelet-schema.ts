import { EVICTION_DEFAULTS, reservedMemoryMiB } from '@kubernetes-on-aws/eks-facts/node-figures';
import * as z from 'zod/mini';
import { described, mapping, text, wholeNumber } from './form';
import { BYTES, CPU } from './quantity-schema';

const resources = (of: string, memory: string, others: string) =>
  mapping({
    cpu: z.exactOptional(
      described(
        text('an amount of CPU in quotes, such as "100m"', CPU),
        `CPU of ${of}. Left out: ${others}.`,
      ),
    ),
    memory: z.exactOptional(
      described(text('an amount of memory, such as 500Mi', BYTES), `Memory of ${of}. Left out: ${memory}.`),
    ),
    'ephemeral-storage': z.exactOptional(
      described(
        text('an amount of storage, such as 2Gi', BYTES),
        `Storage of the root volume of ${of}. Left out: ${others}.`,
      ),
    ),
  });

const threshold = (of: string, otherwise: string) =>
  z.exactOptional(
    described(
      text(
        'an amount, such as 500Mi, or a percentage, such as 5%',
        new RegExp(`${BYTES.source}|^[1-9]\\d?(\\.\\d+)?%$`),
      ),
      `Free ${of} below which the kubelet evicts Pods. Left out: ${otherwise}.`,
    ),
  );

/** `nodes.<name>.kubelet`. */
export const kubelet = mapping({
  maxPods: z.exactOptional(
    described(
      wholeNumber('a whole number, from 1 to 250', 1, 250),
      'The most Pods of a node. Left out: as many as its network interfaces have addresses for.',
    ),
  ),
  kubeReserved: z.exactOptional(
    described(
      resources(
        'the kubelet and the container runtime',
        `${reservedMemoryMiB(0)}Mi, and ${reservedMemoryMiB(1) - reservedMemoryMiB(0)}Mi for each of maxPods`,
        'as the AMI has it',
      ),
      'What is reserved for the kubelet and the container runtime.',
    ),
  ),
  systemReserved: z.exactOptional(
    described(
      resources('the operating system', 'none', 'none'),
      'What is reserved for the operating system besides.',
    ),
  ),
  evictionHard: z.exactOptional(
    described(
      mapping({
        'memory.available': threshold('memory', EVICTION_DEFAULTS['memory.available']),
        'nodefs.available': threshold('space on the volume', EVICTION_DEFAULTS['nodefs.available']),
        'nodefs.inodesFree': threshold('inodes of the volume', EVICTION_DEFAULTS['nodefs.inodesFree']),
        'imagefs.available': threshold('space for images', EVICTION_DEFAULTS['imagefs.available']),
        'imagefs.inodesFree': threshold('inodes for images', EVICTION_DEFAULTS['imagefs.inodesFree']),
        'pid.available': threshold('process numbers', 'no threshold'),
      }),
      'What must stay free on a node.',
    ),
  ),
  imageGCHighThresholdPercent: z.exactOptional(
    described(
      wholeNumber('a whole percentage, from 1 to 100', 1, 100),
      'Percentage of the disk at which unused images are removed. Left out: 85.',
    ),
  ),
  imageGCLowThresholdPercent: z.exactOptional(
    described(
      wholeNumber('a whole percentage, from 0 to 99', 0, 99),
      'Percentage of the disk to which unused images are removed. Left out: 80.',
    ),
  ),
  containerLogMaxSize: z.exactOptional(
    described(
      text('an amount, such as 10Mi', BYTES),
      "Size at which a container's log is rotated. Left out: 10Mi.",
    ),
  ),
  containerLogMaxFiles: z.exactOptional(
    described(
      wholeNumber('a whole number, 2 or more', 2, 1_000),
      "Files that are kept of a container's log. Left out: 5.",
    ),
  ),
  podPidsLimit: z.exactOptional(
    described(
      wholeNumber('a whole number, 1 or more', 1, 4_194_304),
      'The most processes of a Pod. Left out: as the AMI has it.',
    ),
  ),
});
