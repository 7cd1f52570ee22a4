using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Reports.Files;

/// <summary>
/// A download generated while it is sent, by libraries that write synchronously (ZIP, workbook): they write on a thread of their own into a
/// pipe, a pipe's length ahead of the network, so no file is held whole and the server's ban on synchronous writes stays.
/// </summary>
static class StreamedBody
{
    public static PushStreamHttpResult Of(Func<Stream, Task> write, string type, string name, CancellationToken cancel) =>
        TypedResults.Stream(async body =>
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
                // The reader fails with the same exception, so that the browser sees an interrupted download, not a short one.
                await pipe.Writer.CompleteAsync(e);
            }
        }, CancellationToken.None);
        try
        {
            await pipe.Reader.CopyToAsync(body, cancel);
        }
        finally
        {
            // After a client disconnects, the writer continues into nothing until it next checks the token.
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }, type, name);
}
