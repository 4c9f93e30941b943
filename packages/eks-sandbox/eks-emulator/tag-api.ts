import { clusterNamed, type EmulatorContext } from './cluster-state';
import { EksError } from './eks-errors';
import type { Routes } from './routes';

interface Tagged {
  tags?: Record<string, string> | undefined;
}

/** Tags of whatever has an ARN. */
export function tagRoutes(routes: Routes, context: EmulatorContext): void {
  routes
    .on('GET', '/tags/{arn}', ({ at }) => ({ tags: resourceWith(context, at('arn')).tags ?? {} }))
    .on<{ tags?: Record<string, string> }>('POST', '/tags/{arn}', ({ at, body }) => {
      const resource = resourceWith(context, at('arn'));
      resource.tags = { ...resource.tags, ...body.tags };
      return {};
    })
    .on('DELETE', '/tags/{arn}', ({ at, query }) => {
      const resource = resourceWith(context, at('arn'));
      const keys = new Set(query.getAll('tagKeys'));
      resource.tags = Object.fromEntries(
        Object.entries(resource.tags ?? {}).filter(([key]) => !keys.has(key)),
      );
      return {};
    });
}

function resourceWith(context: EmulatorContext, arn: string): Tagged {
  const cluster = /^arn:aws[a-z-]*:eks:[^:]*:\d{12}:[a-z-]+\/([^/]+)/.exec(arn)?.[1] ?? '';
  const state = context.clusters.get(cluster);
  if (!state) throw new EksError('NotFoundException', `No resource with ARN ${arn}`);
  const { cluster: own, nodeGroups, addOns, accessEntries, podIdentities } = clusterNamed(context, cluster);
  const resource: Tagged | undefined =
    own.arn === arn
      ? own
      : ([...nodeGroups.values()].find(({ nodegroup }) => nodegroup.nodegroupArn === arn)?.nodegroup ??
        [...addOns.values()].find(({ addon }) => addon.addonArn === arn)?.addon ??
        [...accessEntries.values()].find(({ entry }) => entry.accessEntryArn === arn)?.entry ??
        [...podIdentities.values()].find(({ associationArn }) => associationArn === arn));
  if (!resource) throw new EksError('NotFoundException', `No resource with ARN ${arn}`);
  return resource;
}
