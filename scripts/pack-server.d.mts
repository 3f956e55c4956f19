export function packServer(folder: string): Promise<string>;
