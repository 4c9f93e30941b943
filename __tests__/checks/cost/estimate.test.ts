import { readFileSync } from 'node:fs';
import { estimate, type Choice, type Estimate, type Option } from '../../../checks/cost/estimate';
import { PRICES } from '../../../checks/cost/prices';
import { drawCost } from '../../../cli/cost';
import type { Stack } from '../../../manifests/stacks';
import { synthesisedStacks } from '../synthesised-stacks';

const platformYaml = readFileSync('platform.yaml', 'utf8');
const stacks = synthesisedStacks(platformYaml);
const found = estimate(stacks);

const choiceOf = (name: string, { choices }: Estimate = found): Choice => {
  const choice = choices.find((one) => one.choice === name);
  if (!choice) throw new Error(`no choice ${name} among ${choices.map((one) => one.choice).join(', ')}`);
  return choice;
};

const chosen = ({ options }: Choice): Option[] => options.filter((option) => option.chosen);
const cents = (usd: number | undefined): string | undefined => usd?.toFixed(2);

describe('the estimate of the default platform', () => {
  it('is of its cluster and region', () => {
    expect(found).toMatchObject({ cluster: 'seed', region: 'eu-west-1', atLeast: false });
  });

  it('chooses one option of each choice, and adds those up', () => {
    for (const choice of found.choices) expect(chosen(choice)).toHaveLength(1);
    const sum = found.choices.flatMap(chosen).reduce((total, { usd = NaN }) => total + usd, 0);
    expect(found.total).toBeCloseTo(sum, 6);
    // 73 control plane, 116.07 NAT, 0 endpoints, 18.48 logs, 3 × 86.4155 nodes, 2 keys.
    expect(cents(found.total)).toBe('468.80');
  });

  it('tells what another way would cost', () => {
    expect(choiceOf('NAT gateways').options.map(({ option, usd }) => [option, cents(usd)])).toEqual([
      ['none', '0.00'],
      ['single', '38.69'],
      ['per-zone (3)', '116.07'],
    ]);
    expect(choiceOf('Control plane').options.map(({ usd }) => cents(usd))).toEqual(['73.00', '438.00']);
    expect(choiceOf('Interface endpoints').options.map(({ option, usd }) => [option, cents(usd)])).toEqual([
      ['none', '0.00'],
      ['one service in 3 zones', '24.09'],
    ]);
    expect(choiceOf('Nodes node-1').options.map(({ option, usd }) => [option, cents(usd)])).toEqual([
      ['min, desired: 1 × m7i.large, 50 GB each', '86.42'],
      ['max: 3 × m7i.large, 50 GB each', '259.25'],
    ]);
    expect(choiceOf('KMS keys').options.map(({ usd }) => cents(usd))).toEqual(['2.00', '6.00']);
  });

  it('says what it takes for granted, and what it leaves out', () => {
    expect(choiceOf('Control-plane logs').assumption).toContain('audit 20 GB');
    expect(choiceOf('Control-plane logs').assumption).toContain('kept for 90 days');
    expect(found.without).toEqual(
      expect.arrayContaining(['flow logs', 'secrets in Secrets Manager', 'shared files', 'volumes of Pods']),
    );
  });

  it('names the list of every price that it used, with its day', () => {
    expect(found.sources.length).toBeGreaterThan(4);
    for (const { url, date } of found.sources) {
      expect(url).toMatch(/^https:\/\/(aws\.amazon\.com|pricing\.us-east-1\.amazonaws\.com)\//);
      expect(date).toMatch(/^2026-\d\d-\d\d$/);
    }
  });
});

describe('another platform', () => {
  it.each([
    ['single', '38.69', 'single'],
    ['none', '0.00', 'none'],
  ])('with nat: %s costs %s for it', (nat, usd, option) => {
    const other = estimate(synthesisedStacks(platformYaml.replace('nat: per-zone', `nat: ${nat}`)));
    expect(chosen(choiceOf('NAT gateways', other)).map((one) => [one.option, cents(one.usd)])).toEqual([
      [option, usd],
    ]);
  });

  it('has the prices of its region', () => {
    const other = estimate(synthesisedStacks(platformYaml.replace('region: eu-west-1', 'region: us-east-1')));
    expect(cents(chosen(choiceOf('NAT gateways', other))[0]?.usd)).toBe('109.50');
    expect(cents(chosen(choiceOf('Nodes node-1', other))[0]?.usd)).toBe('77.58');
  });

  it('in a region without prices has no estimate, and says which regions have', () => {
    const other = synthesisedStacks(platformYaml.replace('region: eu-west-1', 'region: eu-north-1'));
    expect(() => estimate(other)).toThrow(
      'no prices are known for the region eu-north-1; known: eu-west-1, us-east-1; add the region to checks/cost/prices.ts',
    );
  });

  it('with an instance type without a price costs at least the rest', () => {
    const other = estimate(
      synthesisedStacks(
        platformYaml.replace('[m7i.large], min: 1, max: 3 }', '[z1d.large], min: 1, max: 2 }'),
      ),
    );
    expect(choiceOf('Nodes node-1', other).options).toEqual([
      {
        option: 'min, desired: 1 × z1d.large, 50 GB each',
        chosen: true,
        calculation: 'not known: checks/cost/prices.ts has no z1d.large',
        usd: undefined,
      },
      expect.objectContaining({ option: 'max: 2 × z1d.large, 50 GB each', usd: undefined }),
    ]);
    expect(other.atLeast).toBe(true);
    expect(cents(other.total)).toBe((468.8 - 86.4155).toFixed(2));
    expect(drawCost(other, 120)).toContain('Together at least 382.38 a month');
  });

  /** The default platform with one attribute of a resource changed in what was synthesised. */
  function withAttribute(type: string, change: Record<string, unknown>): Estimate {
    return estimate(
      stacks.map((stack): Stack => {
        const resource = stack.document.resource ?? {};
        if (!resource[type]) return stack;
        const changed = Object.fromEntries(
          Object.entries(resource[type]).map(([name, attributes]) => [name, { ...attributes, ...change }]),
        );
        return {
          ...stack,
          document: { ...stack.document, resource: { ...resource, [type]: changed } },
        } as Stack;
      }),
    );
  }

  it('pays for each interface endpoint in each zone', () => {
    const other = withAttribute('aws_vpc_endpoint', {
      vpc_endpoint_type: 'Interface',
      subnet_ids: ['a', 'b', 'c'],
    });
    expect(
      chosen(choiceOf('Interface endpoints', other)).map(({ option, usd }) => [option, cents(usd)]),
    ).toEqual([['s3', '24.09']]);
  });

  it('knows no price of spot instances', () => {
    const other = withAttribute('aws_eks_node_group', { capacity_type: 'SPOT' });
    expect(choiceOf('Nodes node-2', other).options[0]).toMatchObject({
      calculation: 'not known: the price of spot instances changes',
    });
    expect(other.atLeast).toBe(true);
  });

  it('pays for the logs that are on', () => {
    const other = withAttribute('aws_eks_cluster', { enabled_cluster_log_types: ['audit'] });
    expect(
      chosen(choiceOf('Control-plane logs', other)).map(({ option, usd }) => [option, cents(usd)]),
    ).toEqual([['audit', '13.20']]);
  });

  it('says that extended support comes by itself where the policy allows it', () => {
    const other = withAttribute('aws_eks_cluster', { upgrade_policy: { support_type: 'EXTENDED' } });
    expect(choiceOf('Control plane', other).assumption).toContain('goes into extended support by itself');
    expect(choiceOf('Control plane').assumption).toContain('EKS upgrades the cluster by itself');
  });
});

describe('the prices', () => {
  const all = Object.entries(PRICES).flatMap(([region, { instances, ...prices }]) =>
    Object.entries({ ...prices, ...instances }).map(([name, price]) => ({ region, name, price })),
  );

  it.each(all)('$region $name is above zero, dated, and of a list of AWS', ({ region, price }) => {
    expect(price.usd).toBeGreaterThan(0);
    expect(price.source.date <= '2026-11-23').toBe(true);
    expect(price.source.url).toMatch(
      new RegExp(
        `^https://(aws\\.amazon\\.com/[a-z]+/pricing/|pricing\\..*/current/${region}/index\\.json)$`,
      ),
    );
  });

  it('of a family double with each size, but for what AWS rounds', () => {
    const ratios = Object.values(PRICES).flatMap(({ instances }) =>
      Object.entries(instances).flatMap(([type, { usd }]) => {
        const twice = type.replace(/\.(\w+)$/, (_, size: string) => `.${NEXT[size] ?? 'none'}`);
        return instances[twice] === undefined ? [] : [instances[twice].usd / usd];
      }),
    );
    expect(ratios.length).toBeGreaterThan(20);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(2, 2);
  });
});

const NEXT: Readonly<Record<string, string>> = {
  medium: 'large',
  large: 'xlarge',
  xlarge: '2xlarge',
  '2xlarge': '4xlarge',
};

describe('the table', () => {
  it.each([60, 80, 132])('fits %d columns, but for the addresses of the lists', (width) => {
    const lines = drawCost(found, width).split('\n');
    for (const line of lines.filter((text) => !text.includes('https://'))) {
      expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  it('marks what is chosen and holds the others against it', () => {
    const drawn = drawCost(found, 200);
    expect(drawn).toMatch(/ single +1 × 730 h × .* 38\.69 +-77\.38\n/);
    expect(drawn).toMatch(/\* per-zone \(3\) +3 × 730 h × .* 116\.07\n/);
    expect(drawn).toContain('An estimate at list prices of AWS');
    expect(drawn).toContain('without traffic, taxes and discounts');
  });
});
