// JavaScript, because it also runs before the program is made from its TypeScript.
const { existsSync, readFileSync, realpathSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** Where Node.js finds a package from a folder, links followed; undefined when it finds none. */
function installed(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return realpathSync.native(folder);
  return dirname(from) === from ? undefined : installed(name, dirname(from));
}

/**
 * What is wrong with the packages that a platform shares with this one: one is missing, or there are two copies of it.
 *
 * @param folder of the platform
 * @returns one problem a line; undefined when there is none
 */
exports.peerPackageProblem = (folder) => {
  const own = join(__dirname, '../..');
  const { peerDependencies, peerDependenciesMeta } = manifest(own);
  const shared = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  const copiesFor = (places, name) => new Set([...places].flatMap((place) => installed(name, place) ?? []));
  const users = new Set([folder, realpathSync.native(own)]);
  // The packages use each other.
  const places = new Set([...users, ...shared.flatMap((name) => [...copiesFor(users, name)])]);
  const problems = shared.flatMap((name) => {
    const copies = [...copiesFor(places, name)];
    if (copies.length === 1) return [];
    const wanted = `${name}@${peerDependencies[name]}`;
    if (copies.length === 0) return `${name}: not installed. Run npm install --save-exact ${wanted}`;
    const found = copies.map((copy) => `${copy} (${manifest(copy).version})`).join(' and ');
    return (
      `${name}: two copies are installed: ${found}. The objects of one are foreign to the other. ` +
      `Run npm install --save-exact ${wanted}; npm ls ${name} shows which package requires another version`
    );
  });
  return problems.length > 0 ? problems.join('\n') : undefined;
};

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
