import { FEATURES } from './features';
import { findings, inNamespace } from './namespace-of';

it.each(Object.entries(FEATURES))('the object has the feature: %s', (_, { build, object, has, level }) => {
  const made = inNamespace((stack) => void build(stack), { podSecurity: level ?? 'restricted' });
  expect(made.object(...object)).toMatchObject(has);
});

it('a namespace below privileged refuses the Pods that mount a folder of their node', () => {
  const refused = Object.entries(FEATURES)
    .filter(([, { build }]) =>
      findings((stack) => void build(stack)).some((error) => /Pod ?Security/i.test(error)),
    )
    .map(([name]) => name);
  expect(refused).toEqual(Object.keys(FEATURES).filter((name) => FEATURES[name]?.level !== undefined));
});

it('a Job without a deadline has none, and one with OnFailure has no pod failure policy', () => {
  const specOf = (name: string): unknown =>
    inNamespace((stack) => void FEATURES[name]?.build(stack)).object('Job')['spec'];
  expect(specOf('Jobs without a deadline')).not.toHaveProperty('activeDeadlineSeconds');
  expect(specOf('restart policy of a Job')).not.toHaveProperty('podFailurePolicy');
});

it('no value of a Secret is in the bytes', () => {
  process.env['TF_VAR_database_password'] = 'marked-value';
  try {
    const { bytes, document } = inNamespace((stack) => {
      FEATURES["Secrets from Terraform's environment"]?.build(stack);
    });
    expect(bytes).not.toContain('marked-value');
    expect(document['variable']).toEqual({
      database_password: { type: 'string', sensitive: true, ephemeral: true },
    });
  } finally {
    delete process.env['TF_VAR_database_password'];
  }
});
