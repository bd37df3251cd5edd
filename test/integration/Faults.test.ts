import { afterFaults } from "../support/AfterFaults.ts"

// ten seeds here, forty more in test/chaos
afterFaults(1)
