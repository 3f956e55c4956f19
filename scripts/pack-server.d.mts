export function packServer(folder: string): string;
