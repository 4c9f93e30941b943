// Prints what an earlier run printed, where all that it looked at is as it was: nothing of the program is loaded then.
import childProcess from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { join, resolve } from 'node:path';
import worker from 'node:worker_threads';

const { readFileSync, readdirSync, statSync } = fs;

/**
 * What a path was: of a file its times and size, of a folder that there is one. With a slash at its end, it is the names in it. Tools set
 * the time of a change to what they like, and none can set the other one.
 */
export const stampOf = (path) => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats ? `${stats.mtimeMs}:${stats.ctimeMs}:${stats.size}` : null;
  return path.endsWith('/') ? readdirSync(path).sort().join('/') : 'folder';
};

/** What decides about a run beside files and variables. A day is in it, since dates in what is read pass. */
const situation = () => [
  process.argv.slice(2),
  process.cwd(),
  process.version,
  new Date().toISOString().slice(0, 10),
  ...[process.stdout, process.stderr].flatMap(({ isTTY, columns }) => [isTTY ?? null, columns ?? null]),
];

/** A digest of variables: what they hold may be secret. */
const digestOf = (names, environment) =>
  createHash('sha256')
    .update(JSON.stringify(names.map((name) => environment[name] ?? null)))
    .digest('base64url');

/**
 * Prints again what the last run printed, if it is the same run.
 *
 * @returns whether it is
 */
export function repeatRun(file) {
  let kept;
  try {
    kept = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return false; // There is none, or it is not whole: the run makes it.
  }
  const isSame =
    JSON.stringify(kept.situation) === JSON.stringify(situation()) &&
    kept.digest === digestOf(kept.variables, process.env) &&
    Object.entries(kept.paths).every(([path, stamp]) => stampOf(path) === stamp);
  if (!isSame) return false;
  for (const [stream, text] of kept.printed) process[stream].write(text);
  return true;
}

/** Functions of `fs` whose second argument is a path too. */
const TWO_PATHS = /^(copyFile|cp|link|rename|symlink)Sync$/;

/**
 * Notes what the program looks at from here on, and what it prints. Not noted are processes, connections, and files that are read other
 * than by the synchronous functions of `fs`. A run with one of these is never repeated.
 *
 * @param own the folder of what the runner itself keeps
 * @returns what gives the notes, undefined where the run is not to be repeated
 */
export function noteRun(own) {
  const notes = { situation: situation(), paths: {}, printed: [] };
  let isOpen = false;
  const instead = (owner, name, before, after = () => undefined) => {
    if (typeof owner[name] !== 'function') return;
    owner[name] = new Proxy(owner[name], {
      apply(original, self, args) {
        before(args);
        const result = Reflect.apply(original, self, args);
        after(args);
        return result;
      },
      construct(original, args) {
        before(args);
        return Reflect.construct(original, args);
      },
    });
  };
  const giveUp = () => (isOpen = true);
  const look = (name, isAfter) => (args) => {
    for (const path of args.slice(0, TWO_PATHS.test(name) ? 2 : 1)) {
      if (typeof path === 'number') isOpen ||= path === 0;
      else if (typeof path !== 'string') giveUp();
      else if (resolve(path).startsWith(join(own, '/'))) continue;
      else {
        const place = `${resolve(path)}${name === 'readdirSync' ? '/' : ''}`;
        // What is written is noted after, what is read before: it may change while it is read.
        if (isAfter || !(place in notes.paths)) notes.paths[place] = stampOf(place);
      }
    }
  };
  for (const name of Object.keys(fs)) {
    if (/^[A-Z_]|^promises$/.test(name)) continue;
    if (!name.endsWith('Sync')) instead(fs, name, giveUp);
    else if (/^(access|exists|lstat|open|read|readdir|readFile|readlink|realpath|stat)Sync$/.test(name))
      instead(fs, name, look(name, false));
    else instead(fs, name, () => undefined, look(name, true));
  }
  for (const name of Object.keys(fs.promises)) instead(fs.promises, name, giveUp);
  for (const name of Object.keys(childProcess)) instead(childProcess, name, giveUp);
  instead(net.Socket.prototype, 'connect', giveUp);
  instead(worker, 'Worker', giveUp);
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin');
  Object.defineProperty(process, 'stdin', { ...stdin, get: () => (giveUp(), stdin.get.call(process)) });
  const given = { ...process.env };
  const names = new Set();
  const note = (name) => typeof name === 'string' && names.add(name);
  process.env = new Proxy(process.env, {
    get: (target, name) => (note(name), target[name]),
    has: (target, name) => (note(name), name in target),
    ownKeys: (target) => (Object.keys(target).forEach(note), Reflect.ownKeys(target)),
  });
  for (const stream of ['stdout', 'stderr']) {
    instead(process[stream], 'write', ([text]) => notes.printed.push([stream, String(text)]));
  }
  return () => {
    const variables = [...names];
    return isOpen ? undefined : { ...notes, variables, digest: digestOf(variables, given) };
  };
}
