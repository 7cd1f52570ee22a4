using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.ServiceDefaults.Settings;

public static class SettingsExtensions
{
    /// <summary>
    /// A section of the configuration, checked before the service starts: a value that cannot be used is a start that is refused, with the
    /// name of the setting and what is wrong with it.
    /// </summary>
    public static WebApplicationBuilder AddSettings<TOptions>(this WebApplicationBuilder builder, string section) where TOptions : class
    {
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new NameSettings<TOptions>(section));
        return builder;
    }
}

/// <summary>The framework's own check names the class and its property; operators know the setting.</summary>
sealed class NameSettings<TOptions>(string section) : IValidateOptions<TOptions> where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new(options), wrong, validateAllProperties: true) ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(one =>
                $"{string.Join(" and ", one.MemberNames.Select(member => $"{section}:{member}"))} cannot be used: {one.ErrorMessage}"));
    }
}
