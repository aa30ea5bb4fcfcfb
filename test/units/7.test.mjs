import { runBatch } from './batch.mjs'

runBatch(import.meta.url)
