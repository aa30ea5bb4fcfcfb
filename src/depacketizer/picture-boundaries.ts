/**
 * Finds where pictures end, by the marker bits and timestamps of packets. Some cameras set the marker within a picture, or give its packets
 * different timestamps. From then on their markers, or their timestamps, are ignored.
 */
export class PictureBoundaries {
  /** The current packet's. */
  timestamp = 0
  #isMarkerTrusted = true
  #areTimestampsTrusted = true
  /** Whether the camera has ended a picture with a marker. */
  #usesMarkers = false
  /** The timestamp of the last picture that a marker ended, unless packets were lost since. */
  #endedAt: number | undefined
  /** The previous picture's timestamp. If the current one has the same, timestamps do not separate pictures. */
  #previousPictureAt: number | undefined
  /** The current packet has a new timestamp, and it is not yet known whether the picture continues. */
  #isUndecided = false

  beginPacket (timestamp: number): void {
    this.#isUndecided = this.#areTimestampsTrusted && timestamp !== this.timestamp
    this.timestamp = timestamp
  }

  /** Packets in front of the current one were lost. */
  lose (): void {
    this.#endedAt = undefined
  }

  /** The current packet continues the previous packet's picture, even with a new timestamp. */
  continuePicture (): void {
    if (!this.#isUndecided) return
    this.#isUndecided = this.#areTimestampsTrusted = false
  }

  /** Nothing shows that the current packet continues a picture: returns whether its timestamp ends the one before. */
  endsByTimestamp (): boolean {
    const ends = this.#isUndecided
    this.#isUndecided = false
    return ends
  }

  /** Call this if the marker is set. Returns whether it ends the picture; within a NAL unit it does not. */
  endsByMarker (isInNal: boolean): boolean {
    if (isInNal) this.#isMarkerTrusted = false
    return this.#isMarkerTrusted
  }

  notePictureEnd (timestamp: number): void {
    this.#previousPictureAt = timestamp
  }

  noteMarkerEnd (): void {
    this.#usesMarkers = true
    this.#endedAt = this.timestamp
  }

  /** A slice begins in the middle of a picture, but there is no picture. Returns whether a marker ended that picture too early. */
  isAfterEarlyMarker (): boolean {
    const isEarly = this.timestamp === this.#endedAt
    if (isEarly) this.#isMarkerTrusted = false
    return isEarly
  }

  /** Whether all packets that were lost between a part of a picture and a packet with this timestamp certainly belonged to that picture. */
  areOfPicture (missing: number, pictureTimestamp: number, timestamp: number, isInNal: boolean): boolean {
    const separates = this.#areTimestampsTrusted && this.#previousPictureAt !== undefined && this.#previousPictureAt !== pictureTimestamp
    if (separates && timestamp === pictureTimestamp) return true
    const lackedEnd = isInNal || (this.#usesMarkers && this.#isMarkerTrusted)
    return missing === 1 && lackedEnd
  }
}
