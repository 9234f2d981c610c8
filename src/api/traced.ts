import type { Trace } from '../catalogue/tenancy.js';
import type { ApiDeps } from './deps.js';

/**
 * The same ports, each write of which leaves the trace of one request. What the catalogue writes leaves it in its own transaction,
 * where something changes; what a workflow is asked for is noted before it is asked, once a request: whoever dies in between has
 * asked for more than was done, and nothing was done that nobody asked for.
 */
export function traced<D extends Pick<ApiDeps, 'catalogue' | 'pipeline'>>(deps: D, trace: Trace): D {
  const { catalogue, pipeline } = deps;
  let noted = false;
  const note = async (targetId: string): Promise<void> => {
    if (!noted) await catalogue.writeAudit(trace.audit, targetId);
    noted = true;
  };
  return {
    ...deps,
    catalogue: over(catalogue, {
      createUpload: (draft) => catalogue.createUpload(draft, trace),
      attachMultipart: (uploadId, multipartId) => catalogue.attachMultipart(uploadId, multipartId, trace),
      openDoor: (uploadId, opening) => catalogue.openDoor(uploadId, opening, trace),
      deleteVideo: (tenantId, videoId) => catalogue.deleteVideo(tenantId, videoId, trace),
    }),
    pipeline: over(pipeline, {
      async completeUpload(uploadId) {
        await note(uploadId);
        return await pipeline.completeUpload(uploadId);
      },
      async abortUpload(uploadId) {
        await note(uploadId);
        return await pipeline.abortUpload(uploadId);
      },
      async refuseUpload(uploadId, failure) {
        await note(uploadId);
        return await pipeline.refuseUpload(uploadId, failure);
      },
      async resolveVideo(videoId, generation, resolution) {
        await note(videoId);
        return await pipeline.resolveVideo(videoId, generation, resolution);
      },
    }),
  };
}

/** The same port with some of its methods in another form. */
const over = <T extends object>(port: T, own: Partial<T>): T => Object.assign(Object.create(port) as T, own);
