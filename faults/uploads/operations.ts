/** What a request asks for, by method and address: S3's own names, and those of our API. */
export type Operation =
  | 'UploadPart'
  | 'CreateMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'ListMultipartUploads'
  | 'HeadObject'
  | 'GetObject'
  | 'PutObject'
  | 'createUpload'
  | 'signParts'
  | 'completeUpload'
  | 'other';

/** An S3 request with its bucket in the path. */
export function s3Operation(method: string, url: string): Operation {
  const { pathname, searchParams } = new URL(url, 'http://store');
  const [, , ...key] = pathname.split('/');
  if (key.join('') === '') return method === 'GET' && searchParams.has('uploads') ? 'ListMultipartUploads' : 'other';
  const inMultipart = searchParams.has('uploadId');
  switch (method) {
    case 'PUT':
      if (inMultipart) return searchParams.has('partNumber') ? 'UploadPart' : 'other';
      return 'PutObject';
    case 'POST':
      if (searchParams.has('uploads')) return 'CreateMultipartUpload';
      return inMultipart ? 'CompleteMultipartUpload' : 'other';
    case 'GET':
      return inMultipart ? 'ListParts' : 'GetObject';
    case 'DELETE':
      return inMultipart ? 'AbortMultipartUpload' : 'other';
    case 'HEAD':
      return 'HeadObject';
    default:
      return 'other';
  }
}

/** A request to our own API. */
export function apiOperation(method: string, url: string): Operation {
  const path = url.split('?')[0] ?? url;
  if (method !== 'POST') return 'other';
  if (path === '/v1/uploads') return 'createUpload';
  if (/^\/v1\/uploads\/[^/]+\/parts$/.test(path)) return 'signParts';
  return /^\/v1\/uploads\/[^/]+\/complete$/.test(path) ? 'completeUpload' : 'other';
}
