export function peerPackageProblem(folder: string): string | undefined;
