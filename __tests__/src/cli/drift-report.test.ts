import { drawDrift, driftMarkdown, type LookedAt } from '../../../src/cli/reports/drift-report';

const NOTHING = { applied: true, drifted: [], noted: [], following: [], unapplied: [] };

const STACKS: readonly LookedAt[] = [
  { stack: 'network', ...NOTHING },
  { stack: 'cluster', reason: 'terraform plan failed in stack cluster\n  no route to ```host```' },
  {
    stack: 'dev',
    ...NOTHING,
    drifted: [
      { address: 'kubernetes_service_v1.web', remedy: 'create', differences: [] },
      {
        address: 'kubernetes_config_map_v1.settings',
        remedy: 'update',
        differences: [
          {
            path: 'data["a|b"]',
            before: { state: 'known', value: '`<b>`\n| x' },
            after: { state: 'sensitive' },
          },
        ],
      },
    ],
    noted: ['a', 'b', 'c', 'd'].map((name) => ({ address: `kubernetes_secret_v1.${name}`, differences: [] })),
    following: ['kubernetes_ingress_v1.web'],
    unapplied: ['kubernetes_job_v1.one', 'kubernetes_job_v1.two'],
  },
  { stack: 'qa', ...NOTHING, applied: false },
  { stack: 'prod', ...NOTHING, unapplied: ['kubernetes_job_v1.one'] },
];

it('a drift report on a terminal has unchanged stacks in one line, then the rest, and the remedy last', () => {
  expect(drawDrift(STACKS, 80)).toBe(`network: no drift
qa: never applied

cluster: could not be checked
terraform plan failed in stack cluster
  no route to \`\`\`host\`\`\`

dev: 2 objects have drifted

kubernetes_service_v1.web: deleted outside Terraform; the next apply creates it
again

kubernetes_config_map_v1.settings: changed outside Terraform; the next apply
changes it back
  ATTRIBUTE    WAS           IS
  data["a|b"]  "\`<b>\`\\n| x"  (sensitive)

Changed with them by the next apply: kubernetes_ingress_v1.web

Also changed, no action needed: kubernetes_secret_v1.a, kubernetes_secret_v1.b,
kubernetes_secret_v1.c and 1 more, which --json names

2 changes of the program are not applied yet: npm run plan

prod: no drift

1 change of the program is not applied yet: npm run plan

\`npm run plan -- --all\` and then \`npm run apply\` revert it. To keep a change,
add it to the code. Could not be checked: cluster. The reasons are above.
`);
});

it('a drift report in an issue has drift first, and reads no value as Markdown', () => {
  const text = driftMarkdown(STACKS);
  expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
    '`dev`: 2 objects have drifted',
    '`cluster`: could not be checked',
    '`network`: no drift',
    '`qa`: never applied',
    '`prod`: no drift',
  ]);
  expect(text).toContain(
    '| attribute | was | is |\n| --- | --- | --- |\n' +
      '| `data["a\\|b"]` | `` "`<b>`\\n\\| x" `` | `(sensitive)` |\n',
  );
  expect(text.trimEnd().split('\n').at(-1)).toMatch(
    /^`npm run plan -- --all` .* Could not be checked: cluster\. The reasons are above\.$/,
  );
  expect(text).toContain('````text\nterraform plan failed in stack cluster\n  no route to ```host```\n````');
});

it('a drift report says that nothing has drifted only if that is known', () => {
  const [network, cluster] = STACKS;
  if (!network || !cluster) throw new Error('there are stacks');
  expect(drawDrift([network], 80)).toBe('network: no drift\n\nNothing has drifted.\n');
  expect(drawDrift([network, cluster], Infinity)).toContain(
    '\nNothing has drifted in network. Could not be checked: cluster. The reasons are above.\n',
  );
  const alone = drawDrift([cluster], Infinity);
  expect(alone).toMatch(/\n\nCould not be checked: cluster\. The reasons are above\.\n$/);
  expect(alone).not.toContain('Nothing has drifted');
});

it('a drift report names the skipped stacks, so that "no drift" excludes them', () => {
  expect(drawDrift([{ stack: 'network', ...NOTHING }], 80, ['dev', 'qa'])).toContain(
    'Nothing has drifted. Not checked: dev, qa.',
  );
});
