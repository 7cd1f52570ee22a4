using System.Text.Json;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.ServiceDefaults.Activities;

/// <summary>
/// Makes the audit entry of an action; publish it with the change itself, so that neither exists without the other:
/// <c>db.Publish(activities.Of(person, AuditActions.GroupEdited, group.Name, details: new { before, after }))</c>.
/// </summary>
public sealed class ActivityRecorder(DirectoryReplica directory, IHttpContextAccessor http, IHostEnvironment service, TimeProvider clock)
{
    public ActivityRecorded Of(Person person, AuditAction action, string subject, string? account = null, object? details = null) =>
        new(Guid.CreateVersion7(), clock.GetUtcNow(),
            person.Level == OperatorRole.Level ? OperatorRole.Log : directory.EnterpriseOf(person.GroupId),
            new(person.Id, person.Name, person.Email, person.Level, person.GroupId),
            action.Key, subject, account, service.ApplicationName, http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
            details is null ? null : JsonSerializer.Serialize(details, JsonSerializerOptions.Web));
}
