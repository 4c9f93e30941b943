import { TemplateTags } from '../../aws-emulator/template-tags';

const tag = (key: string, value: string): string => `<item><key>${key}</key><value>${value}</value></item>`;
const template = (id: string, ...tags: string[]): string =>
  `<item><launchTemplateId>${id}</launchTemplateId><launchTemplateName>seed</launchTemplateName>` +
  `${tags.length === 0 ? '<tagSet/>' : `<tagSet>${tags.join('')}</tagSet>`}</item>`;

it('the tags of each launch template are those of its last change', () => {
  const tags = new TemplateTags();
  const change = (body: string) => tags.amendment(body)?.rewrite?.('');
  const described = (...templates: string[]) =>
    tags.amendment('Action=DescribeLaunchTemplates')?.rewrite?.(templates.join(''));
  const before = [
    template('lt-1', tag('Platform', 'seed'), tag('team', 'a')),
    template('lt-2'),
    template('lt-3'),
  ];
  expect(described(...before)).toBe(before.join(''));

  change('Action=CreateTags&ResourceId.1=lt-1&ResourceId.2=lt-2&Tag.1.Key=CostCenter&Tag.1.Value=1%262');
  change('Action=DeleteTags&ResourceId.1=lt-1&Tag.1.Key=team');
  expect(described(...before)).toBe(
    [
      template('lt-1', tag('Platform', 'seed'), tag('CostCenter', '1&#38;2')),
      template('lt-2', tag('CostCenter', '1&#38;2')),
      template('lt-3'),
    ].join(''),
  );
  change('Action=CreateTags&ResourceId.1=lt-1&Tag.1.Key=team&Tag.1.Value=b');
  expect(described(before[0] ?? '')).toBe(
    template('lt-1', tag('Platform', 'seed'), tag('CostCenter', '1&#38;2'), tag('team', 'b')),
  );
});

it('the template tags leave other resources to moto', () => {
  const tags = new TemplateTags();
  expect(tags.amendment('Action=CreateTags&ResourceId.1=vpc-1&Tag.1.Key=a&Tag.1.Value=b')).toBeUndefined();
  expect(tags.amendment('Action=DescribeVpcs')).toBeUndefined();
});
