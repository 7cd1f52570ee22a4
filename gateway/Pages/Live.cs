using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// A part of a page that goes on living: drawn by the server again at each new state, at most once a second, and put in the place of the
/// old one by portal.js (<c>data-live</c> names the address). The event <c>end</c> says that nothing more will come.
/// </summary>
static class Live
{
    static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <param name="states">May come faster than the pace: what was overtaken is left out, the last never.</param>
    /// <param name="isLast">After this state there is nothing more to tell.</param>
    public static ServerSentEventsResult<string> Fragment<TPart, TState>(HttpContext http, string parameter, Func<CancellationToken, IAsyncEnumerable<TState>> states, Func<TState, bool> isLast) where TPart : IComponent =>
        TypedResults.ServerSentEvents(Draw<TPart, TState>(http, parameter, states, isLast, http.RequestAborted));

    static async IAsyncEnumerable<SseItem<string>> Draw<TPart, TState>(HttpContext http, string parameter, Func<CancellationToken, IAsyncEnumerable<TState>> states, Func<TState, bool> isLast, [EnumeratorCancellation] CancellationToken cancel) where TPart : IComponent
    {
        var revoked = http.RequestServices.GetRequiredService<RevokedSessions>();
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var session = Person.From(http.User)!.Session;
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var newest = Channel.CreateBounded<TState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var listening = Listen(states(left.Token), newest.Writer);
        await using var renderer = new HtmlRenderer(http.RequestServices, http.RequestServices.GetRequiredService<ILoggerFactory>());
        try
        {
            // The pace is also how soon a revoked session's page falls silent.
            while (!revoked.Contains(session) && !stopping.IsCancellationRequested && !cancel.IsCancellationRequested && (newest.Reader.Count > 0 || !listening.IsCompleted))
            {
                if (newest.Reader.TryRead(out var state))
                {
                    yield return new(await renderer.Dispatcher.InvokeAsync(async () =>
                        (await renderer.RenderComponentAsync<TPart>(ParameterView.FromDictionary(new Dictionary<string, object?> { [parameter] = state }))).ToHtmlString()));
                    if (isLast(state))
                    {
                        yield return new("", "end");
                        yield break;
                    }
                }
                await Task.Delay(Pace, CancellationToken.None);
            }
        }
        finally
        {
            await left.CancelAsync();
            await listening;
        }
    }

    static async Task Listen<TState>(IAsyncEnumerable<TState> states, ChannelWriter<TState> newest)
    {
        try
        {
            await foreach (var state in states)
                newest.TryWrite(state);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The service is away, or the reader has left. The stream ends, and a page that is still open asks again.
        }
    }
}
