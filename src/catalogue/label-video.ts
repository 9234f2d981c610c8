import { PipelineError } from '../domain/errors.js';
import { type LabelsPatch, patchLabels } from '../domain/labels.js';
import type { Catalogue } from './catalogue.js';
import { unlessDeleted } from './decisions.js';
import type { ChangeVideo, Decide } from './standing.js';
import { storable } from './storable.js';

/** Looked at behind the video's lock, so that of two who know one version one is refused. */
const label =
  (patch: LabelsPatch, versions: readonly number[] | null): Decide =>
  ({ video }) => {
    if (versions !== null && !versions.includes(video.version)) throw new PipelineError('PRECONDITION_FAILED');
    const labels = patchLabels(video, patch);
    return labels === null ? null : { video: labels, events: ['video.updated'] };
  };

export const createLabelVideo = (change: ChangeVideo): Pick<Catalogue, 'labelVideo'> => ({
  async labelVideo(tenantId, videoId, patch, versions, trace) {
    const after = await change({ tenantId, videoId }, unlessDeleted(label(storable(patch), versions)), trace);
    return after === null || after.video.state === 'deleted' ? null : after.video;
  },
});
