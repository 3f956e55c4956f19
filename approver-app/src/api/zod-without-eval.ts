// The content security policy forbids `eval`. Told so before the first schema is made, zod does not even try it.
import { z } from 'zod';

z.config({ jitless: true });
