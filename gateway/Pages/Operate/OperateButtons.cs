using System.Globalization;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.Gateway.Security;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EnterprisePortal.Gateway.Pages.Operate;

/// <summary>What <see cref="ParkedPage"/> does besides showing: send one message of a service back, or all; discard one, with a
/// reason.</summary>
public static class OperateButtons
{
    const string Page = "/operate/parked";

    public static void MapOperateButtons(this WebApplication app)
    {
        app.MapForm(Page + "/send-back", SendBack, Access.Operator).WithName("SendParkedBack");
        app.MapForm(Page + "/discard", Discard, Access.Operator).WithName("DiscardParked");
    }

    static Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> SendBack(
        HttpContext http, Operator by, OperateClients services, IAntiforgery antiforgery)
    {
        var sent = 1;
        return Forms.Send(http, antiforgery, () => string.Create(CultureInfo.InvariantCulture, $"{Page}?done=sent&n={sent}"), async form =>
        {
            if (Service(form) is not { } service)
                return Unknown;
            if (Guid.TryParse(form["id"], out var id))
                return await services.SendBack(service, id, by, Ip(http), http.RequestAborted);
            var all = await services.SendAllBack(service, by, Ip(http), http.RequestAborted);
            sent = all.Value?.Sent ?? 0;
            return new(all.Value is null ? null : new(), all.Status, all.Problem, all.Errors);
        });
    }

    static Task<Results<RedirectHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Discard(
        HttpContext http, Operator by, OperateClients services, IAntiforgery antiforgery) =>
        Forms.Send(http, antiforgery, Page + "?done=discarded", async form =>
            Service(form) is not { } service || !Guid.TryParse(form["id"], out var id) ? Unknown
            : form["why"].ToString().Trim() is not { Length: > 0 and <= 500 } why
                ? new(null, StatusCodes.Status400BadRequest, "Say why, in 500 characters at most: it stands in the log.")
            : await services.Discard(service, id, why, by, Ip(http), http.RequestAborted));

    static readonly Answer<Done> Unknown = new(null, StatusCodes.Status404NotFound, "There is no such message.");

    static string? Service(IFormCollection form) => OperateClients.Services.FirstOrDefault(service => service == form["service"]);

    static string? Ip(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
