import * as z from 'zod/mini';
import { described, listOf, mapping, oneOf, text, wholeNumber } from './form';
import { platformName } from './platform-name';

const exception = mapping({
  address: described(
    text(
      'a stack and an address in it, such as cluster/aws_eks_node_group.node_1, or a stack alone',
      /^[a-z0-9][a-z0-9-]*(\/[^\s/].*)?$/,
    ),
    'Stack and Terraform address of what may change, as the guard prints it.',
  ),
  change: described(
    text('the 12 characters that the guard prints for the change, in quotes', /^[0-9a-f]{12}$/),
    'Which change of it: the one that the guard has stopped, and no other.',
  ),
  reason: described(
    text('a sentence that says why', /\S.*\S/),
    'Why it is right, for those who review it and those who read it later.',
  ),
  until: described(
    text('a day, such as 2026-12-31', /^\d{4}-\d{2}-\d{2}$/),
    'Last day on which the change may be planned and applied, at most 31 days from now.',
  ),
});

const ownClass = mapping({
  type: described(
    text(
      'a Terraform type or a Kubernetes kind, such as aws_route53_zone or Certificate',
      /^[A-Za-z][A-Za-z0-9_-]*$/,
    ),
    'Terraform type or Kubernetes kind that a stack or a workload of your own declares.',
  ),
  path: z.exactOptional(
    described(
      text('names of arguments or fields, such as spec.issuerRef', /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/),
      'Argument or field that the class is for, with all that is in it. Left out: all of the object.',
    ),
  ),
  class: described(
    oneOf(['content', 'exposure', 'rights', 'protection', 'identity', 'code']),
    'What it decides. A change of content passes; a change of every other class is stopped.',
  ),
  reason: described(
    text('a sentence that says why', /\S.*\S/),
    'Why it is of this class, for those who review it.',
  ),
});

const ownProvider = mapping({
  source: described(
    text('a provider, namespace/name', /^[a-z0-9][\w-]*\/[a-z0-9][\w-]*$/i),
    'Namespace and name of the provider in the registry of Terraform.',
  ),
  version: described(
    text('an exact version, such as 4.52.0', /^\d+\.\d+\.\d+$/),
    'The one version that may run.',
  ),
  reason: described(text('a sentence that says why', /\S.*\S/), 'What it is for, for those who review it.'),
});

/** `pipeline`: who plans and applies, and what the guard lets pass. */
export const pipeline = mapping({
  repository: z.exactOptional(
    described(
      text('a repository of GitHub, owner/name', /^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}\/[\w.-]{1,100}$/, (got) =>
        /github\.com[/:]([^/]+\/[^/]+?)(\.git)?\/?$/.exec(got)?.[1]?.replace(/^/, 'write '),
      ),
      'Repository of GitHub whose workflows plan and apply: it gets an IAM role for each. Left out: none.',
    ),
  ),
  ownerId: z.exactOptional(
    described(
      wholeNumber('the number that GitHub gives the owner of the repository', 1, Number.MAX_SAFE_INTEGER),
      'Number of the owner of the repository on GitHub, which outlives the name; with repositoryId. Left out: unknown.',
    ),
  ),
  repositoryId: z.exactOptional(
    described(
      wholeNumber('the number that GitHub gives the repository', 1, Number.MAX_SAFE_INTEGER),
      'Number of the repository on GitHub, which outlives the name; with ownerId. Left out: unknown.',
    ),
  ),
  oidcProvider: z._default(
    described(
      oneOf(['create', 'existing']),
      'The provider in IAM that lets GitHub sign in, of which an account has one: made with the roles, or there already.',
    ),
    'create',
  ),
  otherPlatforms: z._default(
    described(
      listOf(platformName, 0, 'a list of names of platforms'),
      'Other platforms whose names begin with this name and "-". The roles of this platform may not touch them.',
    ),
    [],
  ),
  maxChanges: z._default(
    described(
      wholeNumber('a whole number, 1 or more', 1, 1_000_000),
      'The most objects that one plan of all stacks may change, replace or destroy without being stopped.',
    ),
    50,
  ),
  exceptions: z._default(
    described(
      listOf(exception, 0, 'a list of exceptions, each as the guard prints it'),
      'Changes that the guard would stop and that are meant.',
    ),
    [],
  ),
  providers: z._default(
    described(
      listOf(ownProvider, 0, 'a list of providers, each with source, version and reason'),
      'Providers that only stacks of your own use. They run with the credentials of the pipeline.',
    ),
    [],
  ),
  classes: z._default(
    described(
      listOf(ownClass, 0, 'a list of classes, each with type, class and reason'),
      'What the types and kinds that only your platform declares decide, for the guard. The guard stops what has no class.',
    ),
    [],
  ),
});
