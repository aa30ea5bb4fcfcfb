import { askCamgate } from './ask-camgate.js'

/** Whether camgate answers at this address of this machine that it takes viewers, over https or http. */
export const isHealthy = async (host: string, port: number): Promise<boolean> => (await askCamgate({ host, port, path: '/health/ready' }))?.status === 200
