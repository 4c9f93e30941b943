import { ApplicationsLife, OCCUPIED } from '../e2e/applications-life';
import { ApplicationsPlatform } from '../e2e/applications-platform';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

describe('the seven applications, by the real scheduler,', () => {
  let platform: ApplicationsPlatform;
  let life: ApplicationsLife;

  beforeAll(async () => {
    platform = await ApplicationsPlatform.copy();
    life = new ApplicationsLife(platform, OCCUPIED);
    await platform.start();
    // The tools may have to be built first.
  }, 60 * MINUTE);

  afterAll(() => platform.remove(), 5 * MINUTE);

  it('deploy, with every Pod Ready on the nodes of its namespace', async () => {
    expect(await life.deploy()).toEqual({
      changed: ['network', 'cluster', 'platform', 'made', 'agents'],
      wrong: [],
    });
  });

  it('have nothing to change the second time', async () => {
    expect((await platform.project.up()).changed).toEqual([]);
  });

  it('change their images in place', async () => {
    expect(await life.change()).toEqual({ changed: ['made', 'agents'], wrong: [] });
  });

  it('leave nothing but the seven disks whose class is Retain', async () => {
    const volume = expect.stringMatching(/^left in the account: ec2 Volume vol-/) as string;
    expect(await platform.destroy()).toEqual(Array.from({ length: 7 }, () => volume));
  });
});
