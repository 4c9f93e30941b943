import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { StackDocument } from '../stacks/synthesized-platform';
import { synthesized } from '../stacks/synthesized-platform';
import { EVERY_OPTION } from './every-option';
import { REASONS } from './lint-reasons';
import { type Finding, installParliament, lint } from './parliament';
import { policyAsSent } from './pipeline-roles';

const platform = readFileSync('platform.yaml', 'utf8');

/** Every IAM document in some attribute of a resource, by its place: `cluster: aws_iam_role.eks_role.assume_role_policy`. */
function documentsOf(stacks: Record<string, StackDocument>): Map<string, unknown> {
  const documents = new Map<string, unknown>();
  const look = (value: unknown, place: string): void => {
    if (typeof value === 'string') {
      if (value.startsWith('{') && value.includes('"Statement"')) documents.set(place, policyAsSent(value));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value))
        look(inner, place.endsWith(' ') ? `${place}${key}` : `${place}.${key}`);
    }
  };
  for (const [stack, { resource }] of Object.entries(stacks)) look(resource, `${stack}: `);
  return documents;
}

const HAS_PYTHON = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;
const describeWithPython = HAS_PYTHON || process.env['CI'] === 'true' ? describe : describe.skip;

describeWithPython('parliament (needs Python)', () => {
  const stands = ({ issue, place, detail }: Finding, reason: (typeof REASONS)[number]): boolean =>
    reason.issue === issue && (reason.place?.test(place) ?? true) && (reason.detail?.test(detail) ?? true);
  let findings: Finding[];

  beforeAll(async () => {
    await installParliament();
    const documents = new Map([
      ...documentsOf(synthesized(platform)),
      ...documentsOf(synthesized(EVERY_OPTION)),
    ]);
    if (documents.size < 40) throw new Error(`only ${documents.size} IAM documents were found`);
    findings = await lint(documents);
  }, 300_000);

  it('finds nothing without a written reason in the IAM documents of either platform', () => {
    expect(findings.filter((finding) => !REASONS.some((reason) => stands(finding, reason)))).toEqual([]);
  });

  it('finds what each reason excuses', () => {
    expect(REASONS.filter((reason) => !findings.some((finding) => stands(finding, reason)))).toEqual([]);
  });
});
