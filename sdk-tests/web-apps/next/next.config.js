// Settings of a small real web application. It is built once and started twice: see auth0.js.
import { join } from 'node:path';

/** @type {import('next').NextConfig} */
const config = {
  // Where the packages are. Next.js would guess it from lock files.
  outputFileTracingRoot: join(import.meta.dirname, '../../..'),
  eslint: { ignoreDuringBuilds: true },
};

export default config;
