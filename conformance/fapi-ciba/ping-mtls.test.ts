// The plan `fapi-ciba-id1` with ping and mtls.
import { CHECKS } from './checks/index.ts';
import { runPlan } from './plan.ts';

runPlan({ mode: 'ping', clientAuth: 'mtls' }, CHECKS);
