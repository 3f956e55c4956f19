// Pieces of which the schemas of the tenant file are made.
import { z } from 'zod';

/** A duration with a default. */
export const seconds = (description: string, fallback: number) =>
  z.int().positive().default(fallback).describe(`${description} In seconds.`);

export const unimitatedSchema = z
  .record(z.string(), z.unknown())
  .optional()
  .describe('Members that Auth0 knows and nothing here acts on. Kept and given back by the Management API.');
