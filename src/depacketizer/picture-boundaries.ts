/**
 * Where pictures end, by the marker bits and timestamps of packets. Some cameras set the marker within a picture, or give its packets different
 * timestamps: their markers, or their timestamps, are then ignored from there on.
 */
export class PictureBoundaries {
  /** Of the current packet. */
  timestamp = 0
  #isMarkerTrusted = true
  #areTimestampsTrusted = true
  /** Whether the camera has ended a picture with a marker. */
  #usesMarkers = false
  /** The timestamp of the picture that a marker has ended last, unless packets were lost since. */
  #endedAt: number | undefined
  /** The timestamp of the previous picture. If the current one has the same, timestamps do not separate pictures. */
  #previousPictureAt: number | undefined
  /** The current packet has a new timestamp, and nothing has shown yet whether the picture continues. */
  #isUndecided = false

  beginPacket (timestamp: number): void {
    this.#isUndecided = this.#areTimestampsTrusted && timestamp !== this.timestamp
    this.timestamp = timestamp
  }

  /** Packets in front of the current one were lost. */
  lose (): void {
    this.#endedAt = undefined
  }

  /** The current packet continues the picture of the one before it, whatever its timestamp. */
  continuePicture (): void {
    if (!this.#isUndecided) return
    this.#isUndecided = this.#areTimestampsTrusted = false
  }

  /** The current packet does not show that it continues a picture: returns whether its timestamp ends the one before. */
  endsByTimestamp (): boolean {
    const ends = this.#isUndecided
    this.#isUndecided = false
    return ends
  }

  /** The marker is set. Returns whether it ends the picture; within a NAL unit it does not. */
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

  /** A slice begins that does not begin a picture, and there is no picture. Returns whether it continues the one that a marker has ended too early. */
  isAfterEarlyMarker (): boolean {
    const isEarly = this.timestamp === this.#endedAt
    if (isEarly) this.#isMarkerTrusted = false
    return isEarly
  }

  /** Whether packets that were lost after a part of a picture, and in front of a packet with this timestamp, certainly all belonged to that picture. */
  areOfPicture (missing: number, pictureTimestamp: number, timestamp: number, isInNal: boolean): boolean {
    const isTelling = this.#areTimestampsTrusted && this.#previousPictureAt !== undefined && this.#previousPictureAt !== pictureTimestamp
    if (isTelling && timestamp === pictureTimestamp) return true
    const lackedEnd = isInNal || (this.#usesMarkers && this.#isMarkerTrusted)
    return missing === 1 && lackedEnd
  }
}
