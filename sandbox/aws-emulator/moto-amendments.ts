import { amiParameter } from './ami-parameters';

/** What the front door does about one request that moto would answer wrongly. */
export interface Amendment {
  /** The whole answer, when moto need not be asked. */
  readonly answer?: { readonly status: number; readonly contentType: string; readonly body: string };
  /** What to make of moto's answer. */
  readonly rewrite?: (body: string) => string;
}

/**
 * @param service from the credential scope
 * @param target value of the header `x-amz-target`, of services that speak JSON
 * @returns undefined when moto is right
 */
export function amendmentFor(
  service: string,
  target: string,
  body: string,
  region: string,
): Amendment | undefined {
  if (service === 'ec2' && new URLSearchParams(body).get('Action') === 'DescribeLaunchTemplateVersions') {
    return { rewrite: withoutTemplateTags };
  }
  if (service === 'ssm' && /\.GetParameters?$/.test(target)) return ssmAmendment(target, body, region);
  return undefined;
}

/**
 * Tags on a launch template are no part of its versions. moto puts them there, a difference for ever to Terraform.
 */
export function withoutTemplateTags(body: string): string {
  const ofTemplate =
    /<item><resourceType>launch-template<\/resourceType><tagSet>(?:(?!<\/tagSet>)[\s\S])*<\/tagSet><\/item>/g;
  return body.replace(ofTemplate, '').replace(/<tagSpecificationSet>\s*<\/tagSpecificationSet>/g, '');
}

function ssmAmendment(target: string, body: string, region: string): Amendment | undefined {
  const { Name: one, Names: many } = JSON.parse(body) as { Name?: string; Names?: string[] };
  const contentType = 'application/x-amz-json-1.1';
  if (target.endsWith('.GetParameter')) {
    const parameter = one === undefined ? undefined : amiParameter(one, region);
    if (!parameter) return undefined;
    return { answer: { status: 200, contentType, body: JSON.stringify({ Parameter: parameter }) } };
  }
  const found = (many ?? []).flatMap((name) => amiParameter(name, region) ?? []);
  if (found.length === 0) return undefined;
  const names = new Set(found.map(({ Name }) => Name));
  return {
    rewrite: (answer) => {
      const { Parameters = [], InvalidParameters = [] } = JSON.parse(answer) as {
        Parameters?: unknown[];
        InvalidParameters?: string[];
      };
      return JSON.stringify({
        Parameters: [...Parameters, ...found],
        InvalidParameters: InvalidParameters.filter((name) => !names.has(name)),
      });
    },
  };
}
