import { styleText } from 'node:util';
import { estimate, HOURS, type Estimate, type Option } from '../checks/cost/estimate';
import { readStacks } from '../manifests/stacks';
import { table, terminalWidth } from './table';

/** `cost`: what the choices of the platform cost in a month, beside their alternatives. */
export function cost(options: { json?: boolean }): void {
  const found = estimate(readStacks(process.env['CDKTF_OUTDIR'] ?? 'cdktf.out'));
  process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : drawCost(found, terminalWidth()));
}

/** The table for people. */
export function drawCost(found: Estimate, width: number): string {
  const { cluster, region, choices, total, atLeast, without, sources } = found;
  const rows = choices.flatMap(({ choice, options }) =>
    options.map((option, i) => [
      i === 0 ? choice : '',
      `${option.chosen ? '*' : ' '} ${option.option}`,
      option.calculation,
      dollars(option.usd),
      difference(option, options),
    ]),
  );
  const assumptions = choices.flatMap(({ choice, assumption }) =>
    assumption ? [`${choice}: ${assumption}.`] : [],
  );
  const paragraph = (text: string): string => table([[text]], width);
  return [
    styleText('bold', paragraph(`What ${cluster} costs in ${region}, in US dollars a month`)),
    '',
    paragraph(
      `An estimate at list prices of AWS, on demand, for ${HOURS} hours: without traffic, taxes and discounts. ` +
        'What the platform has chosen is marked with *, and the others are held against it.',
    ),
    '',
    table([['CHOICE', '  OPTION', 'CALCULATION', 'COSTS', 'INSTEAD'], ...rows], width, [3, 4]),
    '',
    styleText('bold', paragraph(`Together ${atLeast ? 'at least ' : ''}${dollars(total)} a month`)),
    '',
    ...(without.length > 0
      ? [paragraph(`Not in it, though it costs: ${['traffic', ...without].join(', ')}.`), '']
      : []),
    'Taken for granted:',
    ...assumptions.map(paragraph),
    '',
    'Prices, with the day of the list:',
    ...sources.map(({ url, date }) => `${date}  ${url}`),
    '',
  ].join('\n');
}

function difference(option: Option, options: readonly Option[]): string {
  const chosen = options.find((other) => other.chosen)?.usd;
  if (option.chosen || option.usd === undefined || chosen === undefined) return '';
  const more = option.usd - chosen;
  return `${more < 0 ? '-' : '+'}${dollars(Math.abs(more))}`;
}

function dollars(usd: number | undefined): string {
  return usd === undefined ? 'not known' : usd.toFixed(2);
}
