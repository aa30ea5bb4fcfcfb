import PQueue from 'p-queue'
import type { Camera } from '../config/registry.js'
import { probeCamera, type ProbeParts } from '../probe/probe.js'
import type { ProbeReport } from '../probe/report.js'
import { isOfNetwork } from '../probe/target.js'
import { labelOf } from '../sources/kinds.js'
import { findingsOfReport } from './camera-report.js'
import { finding, type Finding } from './finding.js'

const AT_ONCE = 8

export interface CameraFindings { readonly id: string, readonly findings: readonly Finding[], readonly report: ProbeReport | undefined }

/** Looks at each of these cameras, a few at the same time. Only for cameras that no camgate reads. */
export async function lookAtCameras (cameras: readonly Camera[], parts: ProbeParts, probe: typeof probeCamera = probeCamera): Promise<CameraFindings[]> {
  return await new PQueue({ concurrency: AT_ONCE }).addAll(cameras.map(camera => async () => await lookAt(camera, parts, probe)))
}

async function lookAt (camera: Camera, parts: ProbeParts, probe: typeof probeCamera): Promise<CameraFindings> {
  const { id, source, enabled } = camera
  const about = `camera ${id}`
  if (!enabled) return { id, findings: [finding('note', about, 'disabled', `${camera.name} is not enabled in cameras.yaml, and was not contacted.`)], report: undefined }
  if (!isOfNetwork(camera)) return { id, findings: [finding('note', about, 'not-probed', `${camera.name} (${labelOf(source)}) has no network address: whether it works shows when camgate runs.`)], report: undefined }
  const { report } = await probe(camera, parts)
  const findings = findingsOfReport(id, report)
  return { id, findings: findings.length > 0 ? findings : [finding('note', about, 'fine', `${camera.name} shows pictures.`)], report }
}
