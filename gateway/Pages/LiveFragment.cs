using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages;

/// <summary>
/// A part of a page that stays current: the server renders it again at each new state, at most once a second, and portal.js replaces the
/// old one (<c>data-live</c> holds the address). The event <c>end</c> says that nothing more will come.
/// </summary>
static class LiveFragment
{
    static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    /// <param name="states">May arrive faster than they are rendered: intermediate states are skipped, the last never is.</param>
    /// <param name="isLast">Nothing more can happen after this state.</param>
    /// <returns>404 if the service says at the first state that the thing is out of reach or does not exist. If the service is down, a
    /// stream that ends at once: an open page reconnects after that, but never after a refusal.</returns>
    public static async Task<Results<ServerSentEventsResult<string>, StatusCodeHttpResult>> Of<TPart, TState>(
        HttpContext http, string parameter,
        Func<CancellationToken, IAsyncEnumerable<TState>> states, Func<TState, bool> isLast) where TPart : IComponent
    {
        GoTo(http);
        var left = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        http.Response.RegisterForDispose(left);
        var coming = states(left.Token).GetAsyncEnumerator(left.Token);
        try
        {
            if (await coming.MoveNextAsync())
                return TypedResults.ServerSentEvents(Draw<TPart, TState>(http, parameter, coming, left, isLast, http.RequestAborted));
        }
        catch (HttpRequestException e)
            when (e.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            await coming.DisposeAsync();
            return TypedResults.StatusCode((int)e.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The service is down, or busy.
        }
        await coming.DisposeAsync();
        return TypedResults.ServerSentEvents(AsyncEnumerable.Empty<string>());
    }

    /// <summary>Links that a part derives from its address lead to the page around it: <c>/sync/live?q=x</c> → <c>/sync?q=x</c>.</summary>
    static void GoTo(HttpContext http)
    {
        var root = UriHelper.BuildAbsolute(http.Request.Scheme, http.Request.Host, path: "/");
        var page = http.Request.Path.Value![1..^"/live".Length];
        ((IHostEnvironmentNavigationManager)http.RequestServices.GetRequiredService<NavigationManager>())
            .Initialize(root, root + page + http.Request.QueryString);
    }

    static async IAsyncEnumerable<SseItem<string>> Draw<TPart, TState>(HttpContext http, string parameter,
        IAsyncEnumerator<TState> coming, CancellationTokenSource left,
        Func<TState, bool> isLast, [EnumeratorCancellation] CancellationToken cancel) where TPart : IComponent
    {
        var revoked = http.RequestServices.GetRequiredService<RevokedSessions>();
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var session = Person.From(http.User)!.Session;
        var newest = Channel.CreateBounded<TState>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var listening = Listen(coming, newest.Writer);
        await using var renderer = new HtmlRenderer(http.RequestServices, http.RequestServices.GetRequiredService<ILoggerFactory>());
        try
        {
            // The interval also bounds how long a page of a revoked session still receives updates.
            while (!revoked.Contains(session) && !stopping.IsCancellationRequested && !cancel.IsCancellationRequested
                && (newest.Reader.Count > 0 || !listening.IsCompleted))
            {
                if (newest.Reader.TryRead(out var state))
                {
                    yield return new(await renderer.Dispatcher.InvokeAsync(async () =>
                        (await renderer.RenderComponentAsync<TPart>(
                            ParameterView.FromDictionary(new Dictionary<string, object?> { [parameter] = state }))).ToHtmlString()));
                    if (isLast(state))
                    {
                        yield return new("", "end");
                        yield break;
                    }
                }
                await Task.Delay(ShortestInterval, CancellationToken.None);
            }
        }
        finally
        {
            await left.CancelAsync();
            await listening;
        }
    }

    /// <param name="coming">Positioned at its first state.</param>
    static async Task Listen<TState>(IAsyncEnumerator<TState> coming, ChannelWriter<TState> newest)
    {
        try
        {
            await using var states = coming;
            do
                newest.TryWrite(states.Current);
            while (await states.MoveNextAsync());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The service is down, or the reader has left. The stream ends, and a page that is still open reconnects.
        }
    }
}
