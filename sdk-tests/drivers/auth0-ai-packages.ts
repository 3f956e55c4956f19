// Loads packages of the `@auth0/ai` family. Their ES module builds import files without extensions, which Node refuses
// (`@auth0/ai-vercel` 3.8.1 and 4.1.0, `@auth0/ai-langchain` 3.5.2); their CommonJS builds load.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const aiVercel: typeof import('@auth0/ai-vercel') = require('@auth0/ai-vercel');
export const aiVercel3: typeof import('ai-vercel-3') = require('ai-vercel-3');
export const aiLangchain: typeof import('@auth0/ai-langchain') = require('@auth0/ai-langchain');
