import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import {
  addressChanges,
  addressesOf,
  movesToWrite,
  type AddressChanges,
} from '../../../src/pipeline/addresses/address-lists';
import { synthesizedStacks } from '../checks/synthesized-stacks';

const none: (address: string) => boolean = () => false;

/** A document of configuration maps by their names. */
function maps(named: Record<string, JsonObject>, moved?: object[]): TerraformDocument {
  return { resource: { kubernetes_config_map_v1: named }, ...(moved && { moved }) };
}

const map = (name: string): string => `kubernetes_config_map_v1.${name}`;

/** What becomes of a list when only its names are known, or its values too. */
function changes(
  listed: readonly string[],
  now: TerraformDocument,
  before?: TerraformDocument,
  isRemoved = none,
): AddressChanges {
  return addressChanges({ stack: 'dev', listed, now, before }, isRemoved);
}

describe('the committed lists of addresses', () => {
  const stacks = synthesizedStacks(readFileSync('platform.yaml', 'utf8'));

  it('are those of the default platform: see npm run addresses', () => {
    const lists = readdirSync('addresses').filter((file) => file.endsWith('.txt'));
    const listed = lists.map((file) => [file, readFileSync(`addresses/${file}`, 'utf8')]);
    const expected = stacks.map(({ name, document }) => [
      `${name}.txt`,
      addressesOf(document)
        .map((address) => `${address}\n`)
        .join(''),
    ]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
  });

  it('include resources, also Kubernetes objects without their own type, and exclude data sources', () => {
    const all = stacks.flatMap(({ document }) => addressesOf(document));
    expect(all).toEqual(expect.arrayContaining(['aws_vpc.vpc', 'kubernetes_manifest.storefront_worker']));
    expect(all.filter((address) => address.startsWith('data.'))).toEqual([]);
  });
});

describe('the successor of a missing address', () => {
  it('follows from the values, whatever the names are', () => {
    const old = { data: { a: '1', b: '2', c: '3' } };
    const other = { data: { a: '9', b: '8', c: '7' } };
    const found = changes(
      [map('settings')],
      maps({ settings_2: other, zebra: old }),
      maps({ settings: { '//': { path: 'dev/settings' }, ...old } }),
    );
    expect(found.likely).toEqual([
      {
        from: map('settings'),
        to: map('zebra'),
        likeness: { values: 1, name: expect.any(Number) as number },
      },
    ]);
    expect(found.added).toEqual([map('settings_2'), map('zebra')]);
  });

  it('follows from the names if the old values are unknown', () => {
    const found = changes([map('shop_web'), map('shop_api')], maps({ store_web: {}, store_api: {} }));
    expect(found.likely.map(({ from, to }) => [from, to])).toEqual([
      [map('shop_api'), map('store_api')],
      [map('shop_web'), map('store_web')],
    ]);
    expect(found.open).toEqual([]);
  });

  it('follows from the names among equal objects', () => {
    const same = { data: { a: '1' } };
    const found = changes(
      [map('x_a'), map('x_b')],
      maps({ y_a: same, y_b: same }),
      maps({ x_a: same, x_b: same }),
    );
    expect(found.likely.map(({ from, to }) => [from, to])).toEqual([
      [map('x_a'), map('y_a')],
      [map('x_b'), map('y_b')],
    ]);
  });

  it('may be a manifest of the same name, and the reverse', () => {
    const web = { metadata: [{ name: 'web' }] };
    const typed = { resource: { kubernetes_deployment_v1: { web } } };
    const manifest = {
      resource: { kubernetes_manifest: { web: { manifest: { kind: 'Deployment' } }, api: {} } },
    };
    const [from, to] = ['kubernetes_deployment_v1.web', 'kubernetes_manifest.web'];
    expect(changes([from], manifest, typed).likely).toMatchObject([{ from, to }]);
    expect(changes([to, 'kubernetes_manifest.api'], typed, manifest).likely).toMatchObject([
      { from: to, to: from },
    ]);
  });

  it('is open if two are equally near, and both are listed', () => {
    const found = changes([map('web')], maps({ web_a: {}, web_b: {} }));
    expect(found.likely).toEqual([]);
    expect(found.open).toEqual([{ address: map('web'), candidates: [map('web_a'), map('web_b')] }]);
  });

  it.each<[string, TerraformDocument]>([
    ['nothing of its type is new', { resource: { kubernetes_secret_v1: { settings: {} } } }],
    ['the new one has another name', maps({ warehouse_endpoints: {} })],
    ['the stack is gone', {}],
  ])('is open if %s', (_, now) => {
    const found = changes([map('settings')], now);
    expect(found.likely).toEqual([]);
    expect(found.open.map(({ address }) => address)).toEqual([map('settings')]);
  });

  it('is open if the new one has the name and other values', () => {
    const found = changes(
      [map('settings')],
      maps({ settings_2: { data: { a: '9', b: '8', c: '7' } } }),
      maps({ settings: { data: { a: '1', b: '2', c: '3' } } }),
    );
    expect(found.open).toEqual([{ address: map('settings'), candidates: [map('settings_2')] }]);
  });

  it('is what the user states: removed, and no likely move', () => {
    const found = changes([map('web')], maps({ web_2: {} }), undefined, (address) => address === map('web'));
    expect(found).toMatchObject({ removed: [map('web')], likely: [], open: [], added: [map('web_2')] });
  });

  it('is what a move states already, over several steps too', () => {
    const moved = [
      { from: map('a'), to: map('b') },
      { from: map('b'), to: map('z') },
    ];
    const found = changes([map('a')], maps({ z: {} }, moved));
    expect(found).toMatchObject({ moved: [{ from: map('a'), to: map('z') }], likely: [], open: [] });
  });

  it('is never the address of another object', () => {
    const found = changes([map('a'), map('z')], maps({ z: {} }, [{ from: map('a'), to: map('z') }]));
    expect(found).toMatchObject({ moved: [], clashing: [{ from: map('a'), to: map('z') }] });
  });
});

describe('a claim that the program no longer has', () => {
  const claim = 'kubernetes_persistent_volume_claim_v1.store_data_1';
  const forgetting = { removed: [{ from: claim, lifecycle: { destroy: false } }] };

  it('stays listed, and so stays in the cluster', () => {
    expect(changes([claim], forgetting)).toMatchObject({ addresses: [claim], open: [], handedOver: [] });
  });

  it('leaves the list only on an explicit request', () => {
    expect(changes([claim], forgetting, undefined, () => true)).toMatchObject({
      addresses: [],
      removed: [claim],
      handedOver: [],
    });
  });
});

describe('the written move', () => {
  const renamed = (stack: string): AddressChanges =>
    addressChanges({ stack, listed: [map('shop_web')], now: maps({ store_web: {} }) }, none);
  const without = addressChanges({ stack: 'qa', listed: [], now: {} }, none);
  const from = map('shop_web');
  const to = map('store_web');

  it('is one for all namespaces if it is the same in each that has the object', () => {
    const all = [renamed('dev'), without, renamed('stage')];
    expect(movesToWrite(all, ['dev', 'qa', 'stage'], '<namespace>')).toEqual([
      { stack: '<namespace>', from, to },
    ]);
  });

  it('is one for the stack if another namespace still has the old address, or already has the new one', () => {
    for (const address of ['shop_web', 'store_web']) {
      const other = addressChanges(
        { stack: 'qa', listed: [map(address)], now: maps({ [address]: {} }) },
        none,
      );
      expect(
        movesToWrite([renamed('dev'), other, renamed('stage')], ['dev', 'qa', 'stage'], '<namespace>'),
      ).toEqual([
        { stack: 'dev', from, to },
        { stack: 'stage', from, to },
      ]);
    }
  });

  it('is one for the stack if it is of no namespace', () => {
    expect(movesToWrite([renamed('cluster')], ['dev'], '<namespace>')).toEqual([
      { stack: 'cluster', from, to },
    ]);
  });
});
