using System.Collections.Concurrent;
using EnterprisePortal.AppHost.Stores;
using EnterprisePortal.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace EnterprisePortal.Tests.Production;

public class ReplicaTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;
    readonly ConcurrentQueue<string> answered = new();

    [Fact]
    public async Task What_a_person_changes_reaches_the_replica_that_lives_however_often_the_dead_ones_turn_comes()
    {
        await using var alive = await Replica("alive");
        await using var caller = Caller($"http://127.0.0.1:{FreePort.Next()}", alive.Urls.Single());

        for (var turn = 0; turn < 4; turn++)
            (await Post(caller)).EnsureSuccessStatusCode();

        Assert.Equal(4, answered.Count);
    }

    [Fact]
    public async Task A_replica_that_says_it_will_stop_is_asked_no_more()
    {
        await using var stays = await Replica("stays");
        await using var stops = await Replica("stops", stops: true);
        await using var caller = Caller(stays.Urls.Single(), stops.Urls.Single());

        for (var turn = 0; turn < 6; turn++)
            (await Post(caller)).EnsureSuccessStatusCode();

        Assert.Equal(6, answered.Count);
        Assert.Single(answered, "stops");
    }

    async Task<WebApplication> Replica(string name, bool stops = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/work", (Microsoft.AspNetCore.Http.HttpContext http) =>
        {
            answered.Enqueue(name);
            if (stops)
                http.Response.Headers.Connection = "close";
        });
        await app.StartAsync(Cancel);
        return app;
    }

    static WebApplication Caller(params string[] replicas)
    {
        var builder = WebApplication.CreateBuilder();
        foreach (var (number, address) in replicas.Index())
            builder.Configuration[$"services:search:http:{number}"] = address;
        builder.AddServiceDefaults();
        builder.Services.AddHttpClient("search", http => http.BaseAddress = new("https+http://search"));
        return builder.Build();
    }

    static Task<HttpResponseMessage> Post(WebApplication caller) => caller.Services.GetRequiredService<IHttpClientFactory>()
        .CreateClient("search").PostAsync(new Uri("work", UriKind.Relative), null, Cancel);
}
