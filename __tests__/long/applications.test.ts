import { ApplicationsLife, OCCUPIED } from '../e2e/applications-life';
import { ApplicationsPlatform } from '../e2e/applications-platform';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

describe('the seven applications on the sandbox, with the real scheduler', () => {
  let platform: ApplicationsPlatform;
  let life: ApplicationsLife;

  beforeAll(async () => {
    platform = await ApplicationsPlatform.copy();
    life = new ApplicationsLife(platform, OCCUPIED);
    await platform.start();
    // The tools may have to be built first.
  }, 60 * MINUTE);

  afterAll(() => platform.remove(), 5 * MINUTE);

  it('are deployed: every Pod is Ready on the nodes of its namespace, and a second plan is empty', async () => {
    expect(await life.deploy()).toEqual({
      changed: ['network', 'cluster', 'platform', 'made', 'agents'],
      wrong: [],
    });
  });

  it('have nothing to change when they are deployed again', async () => {
    expect((await platform.project.up()).changed).toEqual([]);
  });

  it('change in place: with other images every object is the same, and runs them', async () => {
    expect(await life.change()).toEqual({ changed: ['made', 'agents'], wrong: [] });
  });

  it('are destroyed, and nothing is left but the seven disks whose class says Retain', async () => {
    const volume = expect.stringMatching(/^left in the account: ec2 Volume vol-/) as string;
    expect(await platform.destroy()).toEqual(Array.from({ length: 7 }, () => volume));
  });
});
