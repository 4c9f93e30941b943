import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where Node.js finds a package from a folder, links followed; undefined when it finds none. */
function installed(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return realpathSync(folder);
  return dirname(from) === from ? undefined : installed(name, dirname(from));
}

/**
 * Why a platform cannot be loaded, if it cannot. There is none, or a package that it shares with this one is missing, or there are
 * two copies of it.
 *
 * @param file the platform's main.ts
 * @param own folder of this package
 */
export function projectProblem({ file, own }) {
  if (!existsSync(file)) {
    return `${file}: no such file. Run the command in the folder of a platform; npx kubernetes-on-aws init creates one`;
  }
  const { peerDependencies, peerDependenciesMeta } = manifest(own);
  const shared = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  const places = [dirname(file), realpathSync(own)];
  places.push(...shared.flatMap((name) => places.flatMap((place) => installed(name, place) ?? [])));
  const problems = shared.flatMap((name) => {
    const copies = [...new Set(places.flatMap((place) => installed(name, place) ?? []))];
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
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
