import { AccessKeys } from '../../aws-emulator/access-keys';
import { Faults } from '../../aws-emulator/faults';
import { Memory } from '../../aws-emulator/memory';
import { MotoAmendments } from '../../aws-emulator/moto-amendments';

const ecr = (operation: string, input: object) => ({
  ...{ service: 'ecr', method: 'POST', path: '/', query: new URLSearchParams() },
  ...{ target: `AmazonEC2ContainerRegistry_V20150921.${operation}`, body: JSON.stringify(input) },
});

describe('a memory that is restored', () => {
  it('has the amendments, keys and faults that it had, with their counts', () => {
    const memory = new Memory();
    const amendments = new MotoAmendments('eu-west-1', '111122223333', memory);
    const keys = new AccessKeys(memory);
    const faults = new Faults(memory);
    const secretOf = (accessKeyId: string) => keys.of({ accessKeyId, sessionToken: undefined }, Date.now());
    const rule = (ecrRepositoryPrefix: string) =>
      amendments.for(
        ecr('CreatePullThroughCacheRule', { ecrRepositoryPrefix, upstreamRegistryUrl: 'quay.io' }),
      );
    const rules = (): unknown => amendments.for(ecr('DescribePullThroughCacheRules', {}));
    const fault = {
      service: 'ec2',
      operation: '*',
      times: 2,
      error: { code: 'Throttling', message: 'slow' },
    };
    rule('quay');
    keys.remember({ accessKeyId: 'AKIAOLD', secretAccessKey: 'secret' });
    faults.replace([fault]);
    faults.take('ec2', 'DescribeVpcs');
    const before = { rules: rules(), faults: faults.list() };
    const copied = memory.copy();

    for (let times = 0; times < 2; times++) {
      rule('other');
      keys.remember({ accessKeyId: 'AKIANEW', secretAccessKey: 'secret' });
      faults.take('ec2', 'DescribeVpcs');
      expect(faults.list()).toEqual([{ ...fault, had: 2 }]);

      memory.restore(copied);
      expect({ rules: rules(), faults: faults.list() }).toEqual(before);
      expect(secretOf('AKIAOLD')).toBeDefined();
      expect(() => secretOf('AKIANEW')).toThrow(/security token/);
    }
  });
});
