import { KEY_EDITS } from './key-edits';
import { doneTo, EVERY_RESOURCE, noticedOf } from './noticed';
import { OPERATIONS, type ChangedObject, type Operation, type Tried } from './tried-edits';

/** At most so many types of a stack are named in a line. */
const NAMED = 4;

/** What Terraform does, a phrase for each stack in the order of the apply. */
function doneIn(objects: readonly ChangedObject[]): string {
  const stacks = [...new Set(objects.map(({ stack }) => stack))];
  return stacks
    .map((stack) => {
      const phrases = objects
        .filter((each) => each.stack === stack)
        .map((each) => {
          const arguments_ = doneTo(each) === 'keeps' || each.action !== 'change' ? [] : each.arguments;
          const names = arguments_.map((name) => `\`${name}\``).join(', ');
          const type = each.type === EVERY_RESOURCE ? each.type : `\`${each.type}\``;
          return [doneTo(each), `${type}${names === '' ? '' : ` (${names})`}`] as const;
        });
      const verbs = [...new Set(phrases.map(([verb]) => verb))];
      const done = verbs.map((verb) => {
        const of = phrases.filter(([each]) => each === verb).map(([, type]) => type);
        const more = of.length > NAMED ? ` and ${of.length - NAMED} more` : '';
        return `${verb} ${of.slice(0, NAMED).join(', ')}${more}`;
      });
      return `Stack \`${stack}\` ${done.join('. It ')}`;
    })
    .join('. ');
}

/** A message of an error without its place. */
const withoutPlace = (message: string): string =>
  (message.split('\n')[0] ?? '').replace(/^platform\.yaml(:\d+)*:? /, '').replaceAll('<', '\\<');

/** What an edit does, and what is said of it beforehand; the same text for edits that do the same. */
function toldOf({ wrong, objects, codes, stopped }: Tried): readonly string[] {
  if (wrong !== undefined) return [`Refused: ${withoutPlace(wrong).replaceAll('; ', '. ')}.`];
  if (objects.length === 0) return ['Terraform changes nothing.'];
  const notices = noticedOf(objects);
  const beforehand = [
    ...codes.map((code) => `[${code}](#${code})`),
    ...stopped.map((rule) => `the guard stops \`${rule}\``),
  ];
  return [
    `${doneIn(objects)}.`,
    ...(objects.some(({ stack }) => stack === 'pipeline')
      ? ['Applied by: `npm run state:bootstrap`. `npm run apply` refuses changes of stack `pipeline`.']
      : []),
    ...(notices.length === 0 ? ['Noticed by: nothing that runs.'] : []),
    ...notices.map(({ text, source }) => `Noticed by: ${text} ([source](${source})).`),
    `Beforehand: ${beforehand.length === 0 ? 'nothing but the plan' : beforehand.join(', ')}.`,
  ];
}

/** The text of a key, without its heading. */
function bodyOf(key: string, tried: readonly Tried[]): string {
  const edit = KEY_EDITS[key];
  if (typeof edit === 'string') return edit;
  const byText = new Map<string, Operation[]>();
  for (const operation of OPERATIONS) {
    const of = tried.find((each) => each.key === key && each.operation === operation);
    if (of === undefined) throw new Error(`${key}: ${operation} was not tried`);
    const text = toldOf(of)
      .map((line) => `  - ${line}`)
      .join('\n');
    byText.set(text, [...(byText.get(text) ?? []), operation]);
  }
  return [...byText].map(([text, operations]) => `- ${operations.join(', ')}:\n${text}`).join('\n');
}

/** The sections of all keys. Neighbors with the same text share one. */
export function keySections(tried: readonly Tried[]): string[] {
  const sections: { readonly keys: string[]; readonly body: string }[] = [];
  for (const key of Object.keys(KEY_EDITS)) {
    const body = bodyOf(key, tried);
    const last = sections.at(-1);
    const isSibling = last?.keys[0]?.split('.')[0] === key.split('.')[0];
    if (last && isSibling && last.body === body) last.keys.push(key);
    else sections.push({ keys: [key], body });
  }
  return sections.map(({ keys, body }) => `### ${keys.map((key) => `\`${key}\``).join(', ')}\n\n${body}`);
}
