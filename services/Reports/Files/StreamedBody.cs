using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// A download made while it is sent, by libraries that write synchronously (ZIP, workbook): they write on a thread of their own, a pipe's
/// length ahead of the network, so nothing is held whole and the server's own rule against synchronous writes stands.
/// </summary>
static class StreamedBody
{
    public static PushStreamHttpResult Of(Func<Stream, Task> write, string type, string name, CancellationToken cancel) => TypedResults.Stream(async body =>
    {
        var pipe = new Pipe();
        var writing = Task.Run(async () =>
        {
            try
            {
                await write(pipe.Writer.AsStream(leaveOpen: true));
                await pipe.Writer.CompleteAsync();
            }
            catch (Exception e)
            {
                // The reader fails with it, so that the browser sees a download that broke off, not a short one.
                await pipe.Writer.CompleteAsync(e);
            }
        }, CancellationToken.None);
        try
        {
            await pipe.Reader.CopyToAsync(body, cancel);
        }
        finally
        {
            // Whoever leaves in the middle lets the writer go on, into nothing, to its next look at the token.
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }, type, name);
}
