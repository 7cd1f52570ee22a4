using System.Collections.Concurrent;
using EnterprisePortal.OfficePortal.Accounts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.OfficePortal.Faults;

public enum FaultMode { None, Down, Hang, Slow, Rubbish, Truncate }

/// <summary>
/// Development only: <c>PUT /_faults/{code}</c> with <c>{ "mode": "hang" }</c> makes one account misbehave, pages and Account API alike,
/// while the other accounts in this process keep working. It shows that one bad account never hides or holds up the others.
/// </summary>
public static class AccountFaults
{
    public record Body(FaultMode Mode);

    /// <summary>By account code; in this process only, until it ends.</summary>
    public sealed class Modes : ConcurrentDictionary<string, FaultMode>;

    static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    public static void Map(WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            app.MapPut("/_faults/{account}", Handle).WithName(nameof(AccountFaults)).AllowAnonymous();
    }

    static NoContent Handle(Account known, Body body, Modes modes)
    {
        modes[known.Code] = body.Mode;
        return TypedResults.NoContent();
    }

    /// <summary>Call first: a fault comes before sign-in, error pages and everything else.</summary>
    public static void UseAccountFaults(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
            app.Use(async (http, next) => await Misbehave(http, next, app.Services.GetRequiredService<Modes>()));
    }

    static Task Misbehave(HttpContext http, RequestDelegate next, Modes modes)
    {
        // OPTIONS * and CONNECT have no path at all.
        var mode = http.Request.Path.Value?.Split('/', 3) is [_, var code, ..] ? modes.GetValueOrDefault(code) : FaultMode.None;
        return mode switch
        {
            FaultMode.Down => Drop(http),
            FaultMode.Hang => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
            FaultMode.Slow => Wait(http, next),
            FaultMode.Rubbish => Rubbish(http.Response),
            FaultMode.Truncate => Truncate(http, next),
            _ => next(http)
        };
    }

    static Task Drop(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    static async Task Wait(HttpContext http, RequestDelegate next)
    {
        await Task.Delay(Late, http.RequestAborted);
        await next(http);
    }

    static Task Rubbish(HttpResponse response)
    {
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync("<!doctype html><title>Welcome to nginx!</title><h1>It works!</h1>");
    }

    static async Task Truncate(HttpContext http, RequestDelegate next)
    {
        var network = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var whole = new MemoryStream();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(whole));
        await next(http);
        http.Features.Set(network);
        if (whole.Length == 0)
        {
            http.Abort();
            return;
        }
        // Announces the whole length and sends half: Kestrel closes the connection, as a broken line would.
        http.Response.ContentLength = whole.Length;
        await http.Response.Body.WriteAsync(whole.GetBuffer().AsMemory(0, (int)whole.Length / 2), http.RequestAborted);
    }
}
